import { setTimeout as sleep } from 'node:timers/promises';
import { getSystemErrorMap } from 'node:util';
import { Hono } from 'hono';

/** A check that takes longer has failed, because those who ask for the health have time limits of their own. */
const LONGEST_MS = 1_000;
const SILENT = 'does not answer';

/** The paths that load balancers and monitors ask for. */
export const HEALTH_PATHS: readonly string[] = ['/healthz', '/readyz'];

/** Rejects if a service that the process needs does not answer, or is set up wrongly. */
type Check = () => Promise<void>;

interface Readiness {
  readonly status: 'ok' | 'unavailable';
  /** By the name of each check: `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Runs all checks. The status is `ok` if each of them passes. */
export async function readinessOf(checks: Readonly<Record<string, Check>>): Promise<Readiness> {
  const answers = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await answerOf(check)] as const),
  );
  const isReady = answers.every(([, answer]) => answer === 'ok');
  return { status: isReady ? 'ok' : 'unavailable', checks: Object.fromEntries(answers) };
}

/** `/healthz` is 200 while the event loop runs. `/readyz` is 503 if a check fails, and names it. */
export function healthRoutes(checks: Readonly<Record<string, Check>>): Hono {
  return new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const readiness = await readinessOf(checks);
      return c.json(readiness, readiness.status === 'ok' ? 200 : 503);
    });
}

/** `ok`, or what is wrong. The text of a system error may name paths, so only its code is shown, with its meaning. */
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
