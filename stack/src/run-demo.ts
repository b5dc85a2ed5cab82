import { join, relative } from 'node:path';
import { downloadResults } from './demo/download.js';
import { showProgress } from './demo/progress.js';
import { backlinksSample, jobsTable } from './demo/report.js';
import { submitExamples } from './demo/submit.js';
import { watchJobs } from './demo/watch.js';
import type { Terminal } from './entry.js';
import { environment } from './env.js';
import { StackFailure } from './failure.js';
import { dataFolder } from './repository.js';
import { type Stack, startStack } from './stack.js';

const WELCOME = `
Linkhaul demo: real lists through all endpoints of a Backlinks API.
The answers are SIMULATED, by a Backlinks API on this machine: nothing is bought, nothing leaves it.
`;

/** The demo ignores these variables of the user's environment; an empty variable counts as unset. */
const DEMO_ENV = {
  HOST: '127.0.0.1',
  STORAGE_URL: '',
  LINKHAUL_API_KEYS: '',
  LINKHAUL_ADMIN_KEY: '',
  // A graph of its own: the demo shows generated numbers even if the user has imported data.
  BACKLINKS_DATA: join(dataFolder, 'demo.duckdb'),
};

/**
 * Starts the service, runs the example jobs, prints their results and stops. `pnpm start` uses the same data folder.
 */
export async function demo({ say, interrupted }: Terminal): Promise<number> {
  say(WELCOME);
  say('Starting Redis, the Backlinks API (which first generates its link graph), the API and two workers.');
  const env = { ...environment, ...DEMO_ENV };
  const stack = await startStack({
    dataDir: dataFolder,
    env,
    workers: 2,
    backlinks: true,
    mayInstall: true,
    say,
    signal: interrupted,
  });
  try {
    const shown = show(stack, { say, interrupted });
    // If another promise wins the race, stopping the stack makes this one reject, and nobody awaits it.
    shown.catch(() => undefined);
    await Promise.race([shown, lostProcess(stack), interruption(interrupted)]);
  } finally {
    await stack.stop();
  }
  return 0;
}

async function show(stack: Stack, { say, interrupted }: Terminal): Promise<void> {
  const { client } = stack;
  const startedAt = performance.now();
  const submitted = await submitExamples(client);
  say(`\n${submitted.length} jobs are on their way:\n`);
  const progress = showProgress(
    process.stdout,
    submitted.map((job) => job.endpoint),
  );
  const jobs = await watchJobs(client, submitted, { signal: interrupted, show: progress });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const dir = join(dataFolder, 'demo');
  const samples = await downloadResults(client, jobs, dir);
  say(`\nAll answered in ${seconds} s (simulated cost):\n\n${jobsTable(jobs)}\n`);
  say(`The first rows of bulk_backlinks (simulated):\n\n${backlinksSample(samples.get('bulk_backlinks') ?? [])}\n`);
  say(nextSteps({ dir, logDir: stack.logDir, jobId: jobs[0]?.id ?? '' }));
}

function nextSteps({ dir, logDir, jobId }: { dir: string; logDir: string; jobId: string }): string {
  const short = (path: string) => relative(process.cwd(), path);
  return `Files:
  ${short(dir)}/<endpoint>.ndjson
      the results, one per line
  ${short(join(dataFolder, 'storage'))}
      everything as Linkhaul stores it
  ${short(logDir)}
      the logs

Next:
  npx -y pnpm@12 start
  curl http://127.0.0.1:8080/v1/jobs/${jobId}
  curl 'http://127.0.0.1:8080/v1/jobs/${jobId}/results?format=ndjson'

While it runs, the page shows these jobs: http://127.0.0.1:8080
`;
}

async function lostProcess(stack: Stack): Promise<never> {
  throw new StackFailure(`${await stack.lost}\nIts log is in ${stack.logDir}.`);
}

function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason));
  });
}
