import { type EnvSource, readEnv } from '@linkhaul/runtime/env';
import { z } from 'zod';
import { badInput } from './failure.js';

/** Characters that a header may carry: an error about any other would show the key. */
const secret = z.string().regex(/^[\x21-\x7e]+$/, 'holds characters that no key has: set it to the key alone');

const schema = z.object({
  LINKHAUL_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as http://127.0.0.1:8080' })
    .refine((url) => new URL(url).username === '' && new URL(url).password === '', 'must not hold a user name')
    .refine((url) => !/[?#]/.test(url), 'must not hold a query')
    .default('http://127.0.0.1:8080'),
  LINKHAUL_API_KEY: secret.optional(),
  /** For `webhooks listen`, where the key may not read the secret from the service. */
  LINKHAUL_WEBHOOK_SECRET: secret.optional(),
});

export type CliEnv = z.output<typeof schema>;

/** Where the service is and who asks. */
export function readCliEnv(source: EnvSource): CliEnv {
  const result = readEnv(schema, source);
  if (result.ok) return result.env;
  throw badInput(`The environment cannot be used: ${result.problems.join('; ')}.`);
}
