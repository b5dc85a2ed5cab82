import { createHmac, timingSafeEqual } from 'node:crypto';
import { WebhookRejected } from './errors.js';

type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Delivery {
  /** `whsec_` and base64. Two while a secret is being rotated. */
  readonly secret: string | readonly string[];
  readonly headers: Headers | HeaderRecord;
  /** The body byte for byte as it was received: not parsed and serialised again. */
  readonly body: string | Uint8Array;
  /** How much older or newer than `now` a delivery may be, in milliseconds. Default: five minutes. */
  readonly toleranceMs?: number;
  readonly now?: Date;
}

export interface VerifiedDelivery {
  /** The same each time the event is delivered. Store it to act only once. */
  readonly id: string;
  readonly timestamp: Date;
  /** The parsed body. `webhookEvent` of `@linkhaul/schemas` parses job events. */
  readonly payload: unknown;
}

const TOLERANCE_MS = 5 * 60_000;

/** Checks a delivery by Standard Webhooks 1.0. Throws `WebhookRejected` for a delivery that must not be trusted. */
export function verifyWebhook(delivery: Delivery): VerifiedDelivery {
  const id = headerOf(delivery.headers, 'webhook-id');
  const seconds = headerOf(delivery.headers, 'webhook-timestamp');
  const signatures = headerOf(delivery.headers, 'webhook-signature');
  if (id === null || seconds === null || signatures === null) {
    throw new WebhookRejected(
      'missing_headers',
      'webhook-id, webhook-timestamp and webhook-signature must all be there.',
    );
  }
  const timestamp = timestampOf(seconds, delivery);
  const body = Buffer.from(delivery.body);
  const keys = typeof delivery.secret === 'string' ? [delivery.secret] : delivery.secret;
  const expected = keys.map((secret) => sign(keyOf(secret), Buffer.concat([Buffer.from(`${id}.${seconds}.`), body])));
  // Every pair is compared, so that the time taken does not reveal which one matches.
  const matches = signatures.split(' ').flatMap((given) => expected.map((wanted) => isSame(given, wanted)));
  if (!matches.includes(true)) {
    throw new WebhookRejected('wrong_signature', 'No signature is of this body and one of the secrets.');
  }
  return { id, timestamp, payload: JSON.parse(body.toString('utf8')) };
}

function headerOf(headers: Headers | HeaderRecord, name: string): string | null {
  if (headers instanceof Headers) return headers.get(name);
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return (typeof value === 'object' ? value[0] : value) ?? null;
}

function timestampOf(seconds: string, { now = new Date(), toleranceMs = TOLERANCE_MS }: Delivery): Date {
  if (!/^\d{1,12}$/.test(seconds)) {
    throw new WebhookRejected('bad_timestamp', 'webhook-timestamp is not a number of seconds.');
  }
  // With NaN every comparison is false, and a delivery of any age would pass.
  if (!Number.isFinite(toleranceMs)) throw new TypeError('toleranceMs must be a finite number.');
  if (!Number.isFinite(now.getTime())) throw new TypeError('now must be a valid date.');
  const timestamp = new Date(Number(seconds) * 1000);
  const ageMs = now.getTime() - timestamp.getTime();
  if (ageMs > toleranceMs) throw new WebhookRejected('too_old', 'The delivery is too old: it may be a replay.');
  if (ageMs < -toleranceMs)
    throw new WebhookRejected('too_new', "The delivery's time is in the future: check the clock.");
  return timestamp;
}

function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret, 'base64');
  // Anybody can sign with an empty key.
  if (key.length === 0) throw new TypeError('A webhook secret is whsec_ and base64; this one is empty.');
  return key;
}

function sign(key: Buffer, content: Buffer): Buffer {
  return Buffer.from(`v1,${createHmac('sha256', key).update(content).digest('base64')}`);
}

function isSame(given: string, wanted: Buffer): boolean {
  const bytes = Buffer.from(given);
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
}
