import { createServer } from 'node:net';
import { relative } from 'node:path';
import { importedInWords, publishedOrigin, type ServedOrigin, upstreamEnvelope } from '@linkhaul/schemas';
import { localCredentials } from './child-env.js';
import type { Terminal } from './entry.js';
import { environment } from './env.js';
import { StackFailure } from './failure.js';
import { dataFolder } from './repository.js';
import { type Stack, startStack } from './stack.js';

const API_PORT = 8080;
const BACKLINKS_PORT = 8090;
const WORKERS = 2;

/** Runs the whole service until Ctrl-C. */
export async function start({ say, interrupted }: Terminal): Promise<number> {
  const upstream = environment.UPSTREAM_URL ?? '';
  const ports = { api: apiPort(), backlinks: BACKLINKS_PORT };
  await requireFree(
    ports.api,
    `Port ${ports.api} is taken. Name another one: PORT=${ports.api + 1} npx -y pnpm@12 start`,
  );
  const backlinks = upstream === '';
  if (backlinks) {
    await requireFree(
      BACKLINKS_PORT,
      `Port ${BACKLINKS_PORT}, of the local Backlinks API, is taken. Stop what uses it.`,
    );
  }
  say('Starting Linkhaul. The first time, the local Backlinks API generates its link graph.');
  const stack = await startStack({
    dataDir: dataFolder,
    env: environment,
    workers: WORKERS,
    backlinks,
    ports,
    say,
    signal: interrupted,
  }).catch((error: unknown) => {
    // Ctrl-C during the start stops everything again, and counts as success.
    if (interrupted.aborted) return null;
    throw error;
  });
  if (stack === null) {
    say('Stopped.');
    return 0;
  }
  say(banner(stack, await dataOf(stack, upstream)));
  const lost = await Promise.race([stack.lost, interruption(interrupted)]);
  if (lost === null) say('\nDraining: calls in flight get their answers. Press Ctrl-C again to end at once.');
  await stack.stop();
  if (lost !== null) throw new StackFailure(`${lost}\nIts log is in ${stack.logDir}.`);
  say('Stopped.');
  return 0;
}

function apiPort(): number {
  const text = environment.PORT ?? '';
  if (text === '') return API_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new StackFailure(`PORT is not a port: ${text}`);
  return port;
}

/** The origin of the data. The local Backlinks API says what its graph was made of. */
async function dataOf({ backlinksUrl }: Stack, upstream: string): Promise<string> {
  if (backlinksUrl === null) return `real, from ${upstream}, which charges for each call`;
  const origin = await originAt(backlinksUrl);
  const imported = origin === null || origin.kind === 'generated' ? '' : importedInWords(origin);
  return origin?.kind === 'imported'
    ? `imported: ${imported}`
    : `SIMULATED, by ${backlinksUrl}; UPSTREAM_URL makes it real${imported && `. Imported, too: ${imported}`}`;
}

async function originAt(backlinksUrl: string): Promise<ServedOrigin | null> {
  const { login, password } = localCredentials(environment);
  const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
  const answer = await fetch(`${backlinksUrl}/v3/backlinks/index`, { headers: { authorization } });
  const { tasks } = upstreamEnvelope.parse(await answer.json());
  return publishedOrigin(tasks?.[0]?.result?.[0]);
}

function banner({ apiUrl, logDir }: Stack, data: string): string {
  return `
Linkhaul is running.

  Page           ${apiUrl}
  API            ${apiUrl}/v1, described at ${apiUrl}/docs
  Data           ${data}
  Files          ${relative(process.cwd(), dataFolder)}, logs in ${relative(process.cwd(), logDir)}

  curl --data-binary @examples/domains.txt -H 'Content-Type: text/plain' \\
    '${apiUrl}/v1/jobs?endpoint=bulk_backlinks&tag=top500'

Ctrl-C drains and stops.`;
}

function requireFree(port: number, otherwise: string): Promise<void> {
  const host = environment.HOST === undefined || environment.HOST === '' ? '127.0.0.1' : environment.HOST;
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      reject('code' in error && error.code === 'EADDRINUSE' ? new StackFailure(otherwise) : error);
    });
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

function interruption(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null));
  });
}
