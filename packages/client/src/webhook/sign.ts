import { createHmac } from 'node:crypto';

interface Signing {
  readonly id: string;
  readonly body: string;
  /** `whsec_` and the key in base64. Two while a secret is being rotated. */
  readonly secrets: readonly string[];
  /** Ms since the epoch. */
  readonly now: number;
}

/** The headers of Standard Webhooks 1.0: for each secret an HMAC-SHA256 of `id.timestamp.body`. */
export function signedHeaders({ id, body, secrets, now }: Signing): Record<string, string> {
  const timestamp = Math.floor(now / 1000);
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures.join(' '),
  };
}
