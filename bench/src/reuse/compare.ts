import { peakMemory } from '../interface/api-process.js';
import { startBulkUpstream } from '../interface/upstream.js';
import { targets } from '../limits/cell.js';
import { type Environment, type Say, type Service, withService } from '../limits/service.js';

const [ROWS, UNLIMITED, IN_FLIGHT] = [1_000_000, 10_000_000, 30];
const NAME = 'million';
const WATCH = { endpoint: 'bulk_backlinks', schedule: { every: '7d' } } as const;

/** Measures how long it takes to compare two runs of a large watch, and how much memory the worker takes. */
export async function benchCompare(env: Environment, say: Say): Promise<Record<string, number>> {
  const upstream = await startBulkUpstream(20);
  const options = { env, say, upstreamUrl: upstream.url, workers: 1, perMinute: UNLIMITED, inFlight: IN_FLIGHT };
  try {
    return await withService(options, (service) => compareRuns(service, say));
  } finally {
    upstream.close();
  }
}

async function compareRuns({ client, workers }: Service, say: Say) {
  await client.setWatchText(NAME, WATCH, targets(ROWS).join('\n'));
  const [worker = 0] = workers.values();
  const run = async () => {
    await client.runWatch(NAME);
    const job = await jobOfRun(client);
    await client.waitFor(job);
    const [from, before] = [performance.now(), await peakMemory(worker)];
    await untilClosed(client);
    const s = (performance.now() - from) / 1000;
    const after = await peakMemory(worker);
    const [last] = (await client.watchRuns(NAME)).runs;
    say(`closed after ${s.toFixed(1)} s: ${JSON.stringify(last)}; peak ${before} MiB before, ${after} MiB after`);
    return { s, mib: Number(after) };
  };
  const first = await run();
  const second = await run();
  return { first_s: first.s, compared_s: second.s, before_mib: first.mib, peak_mib: second.mib };
}

const POLL_MS = 100;

async function jobOfRun(client: Service['client']): Promise<string> {
  for (;;) {
    const { run } = await client.watch(NAME);
    if (run?.job) return run.job;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function untilClosed(client: Service['client']): Promise<void> {
  while ((await client.watch(NAME)).run !== null) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}
