import { createHmac } from 'node:crypto';

interface Signing {
  readonly id: string;
  readonly body: string;
  /** `whsec_` and the key in base64; several while one takes the place of another. */
  readonly secrets: readonly string[];
  /** Ms since the epoch. */
  readonly now: number;
}

/** The headers of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, a signature a secret. */
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
