import { setTimeout as sleep } from 'node:timers/promises';
import { getSystemErrorMap } from 'node:util';
import { Hono } from 'hono';

/** Who asks has a time limit of its own: what does not answer within this does not serve. */
const LONGEST_MS = 1_000;
const SILENT = 'does not answer';

/** What whoever watches a process asks for. */
export const HEALTH_PATHS: readonly string[] = ['/healthz', '/readyz'];

/** Rejects when what it checks does not answer, or is set up as it must not be. */
type Check = () => Promise<void>;

interface Readiness {
  readonly status: 'ok' | 'unavailable';
  /** `ok`, or what is wrong, of each that was checked. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Whether all that a process stands on answers. */
export async function readinessOf(checks: Readonly<Record<string, Check>>): Promise<Readiness> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await answerOf(check)] as const),
  );
  const isReady = answers.every(([, answer]) => answer === 'ok');
  return { status: isReady ? 'ok' : 'unavailable', checks: Object.fromEntries(answers) };
}

/** `/healthz`: this process turns its event loop. `/readyz`: all that it stands on answers; what does not is named. */
export function healthRoutes(checks: Readonly<Record<string, Check>>): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const readiness = await readinessOf(checks);
      return c.json(readiness, readiness.status === 'ok' ? 200 : 503);
    });
}

/** `ok`, or what is wrong; of a system's error its code and what that means, since its own text may name paths. */
async function answerOf(check: Check): Promise<string> {
  const over = new AbortController();
  const late = sleep(LONGEST_MS, SILENT, { signal: over.signal }).catch(() => 'ok');
  try {
    return await Promise.race([check().then(() => 'ok'), late]);
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return 'code' in error ? meaningOf(String(error.code)) : error.message;
  } finally {
    over.abort();
  }
}

function meaningOf(code: string): string {
  const known = [...getSystemErrorMap().values()].find(([name]) => name === code);
  return known === undefined ? code : `${code}: ${known[1]}`;
}
