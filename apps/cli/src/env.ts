import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { readServiceUrl } from '@linkhaul/client/service';
import { type EnvSource, readEnv } from '@linkhaul/runtime/env';
import { z } from 'zod';
import { badInput } from './failure.js';
import { printable } from './render/printable.js';

/** Only characters that a header may have. Otherwise the error of the request would show the key. */
const secret = z.string().regex(/^[\x21-\x7e]+$/, 'holds characters that no key has: set it to the key alone');

const serviceUrl = z.string().transform((text, context) => {
  const read = readServiceUrl(text);
  if ('url' in read) return read.url;
  context.addIssue({ code: 'custom', message: printable(read.problem) });
  return z.NEVER;
});

const schema = z.object({
  LINKHAUL_URL: serviceUrl.prefault('http://127.0.0.1:8080'),
  LINKHAUL_API_KEY: secret.optional(),
  /** For `webhooks listen`, if the key may not read the secret from the service. */
  LINKHAUL_WEBHOOK_SECRET: secret.optional(),
  XDG_STATE_HOME: z.string().optional(),
});

type Settings = z.output<typeof schema>;

export interface CliEnv extends Omit<Settings, 'XDG_STATE_HOME'> {
  /** The folder for what commands remember, such as `~/.local/state/linkhaul`. Null if the user has no home folder. */
  readonly stateFolder: string | null;
}

/** Throws `CliFailure` with all problems of the environment. */
export function readCliEnv(source: EnvSource): CliEnv {
  const result = readEnv(schema, source);
  if (!result.ok) throw badInput(`The environment cannot be used: ${result.problems.join('; ')}.`);
  const { XDG_STATE_HOME: given, ...settings } = result.env;
  return { ...settings, stateFolder: stateFolder(given) };
}

/** A relative `XDG_STATE_HOME` is ignored, as the XDG Base Directory Specification says. */
function stateFolder(given: string | undefined): string | null {
  if (given !== undefined && isAbsolute(given)) return join(given, 'linkhaul');
  try {
    return join(homedir(), '.local', 'state', 'linkhaul');
  } catch {
    // The user id is not in the system's list of users, as in some containers.
    return null;
  }
}
