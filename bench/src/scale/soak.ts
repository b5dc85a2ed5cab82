import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { table } from '../figures.js';
import { targets } from '../limits/cell.js';
import { type Environment, type Say, type Service, withService } from '../limits/service.js';
import { startUpstream } from '../limits/upstream.js';

const MINUTES = 30;
const PER_MINUTE = 10_000;
const IN_FLIGHT = 30;
const LATENCY_MS = 20;
const WORKERS = 2;
const ROWS = 500;
const SAMPLE_EVERY_MS = 15_000;
/** The first samples are from processes that are still warming up. */
const WARM_UP = 1 / 3;
const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;

/** What the processes and Redis hold at one moment. */
type Sample = Readonly<Record<(typeof MEASURES)[number], number>> & { readonly at: number };
const MEASURES = ['api MiB', 'workers MiB', 'Redis MiB', 'Redis keys', 'descriptors'] as const;

/** For half an hour jobs are submitted, finished and deleted. Whatever grows meanwhile is leaking. */
export async function benchSoak(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const upstream = await startUpstream();
  upstream.behave({ latencyMs: LATENCY_MS, limits: { inFlight: IN_FLIGHT, windows: [] } });
  const options = { env, say, upstreamUrl: upstream.url, workers: WORKERS, perMinute: PER_MINUTE, inFlight: IN_FLIGHT };
  try {
    const samples = await withService(options, (service) => soak(service));
    const steady = samples.slice(Math.floor(samples.length * WARM_UP));
    const rows = MEASURES.map((name) => {
      const values = steady.map((sample) => ({ at: sample.at / MINUTE_MS, value: sample[name] }));
      const [first, last] = [values[0]?.value ?? 0, values.at(-1)?.value ?? 0];
      return {
        what: name,
        first: first.toFixed(1),
        last: last.toFixed(1),
        'slope a minute': slopeOf(values).toFixed(3),
      };
    });
    for (const line of table([Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))])) say(line);
    say(`${steady.length} samples of ${MINUTES} minutes, after the first third.`);
    return rows;
  } finally {
    upstream.close();
  }
}

async function soak(service: Service): Promise<Sample[]> {
  const redis = new Redis(service.redisUrl);
  const samples: Sample[] = [];
  const end = performance.now() + MINUTES * MINUTE_MS;
  const sampling = setInterval(() => void sampleOf(service, redis).then((one) => samples.push(one)), SAMPLE_EVERY_MS);
  try {
    while (performance.now() < end) await runJob(service);
    await sleep(SAMPLE_EVERY_MS);
  } finally {
    clearInterval(sampling);
    redis.disconnect();
  }
  return samples;
}

async function runJob({ client }: Service): Promise<void> {
  const { id } = await client.submitText({ endpoint: 'referring_domains' }, targets(ROWS).join('\n'));
  await client.waitFor(id);
  await client.remove(id);
}

async function sampleOf({ apiPid, workers }: Service, redis: Redis): Promise<Sample> {
  const pids = [...workers.values()];
  const residents = await Promise.all(pids.map(residentMiB));
  const descriptors = await Promise.all(
    [apiPid, ...pids].map(async (pid) => (await readdir(`/proc/${pid}/fd`)).length),
  );
  return {
    at: performance.now(),
    'api MiB': await residentMiB(apiPid),
    'workers MiB': sum(residents),
    'Redis MiB': Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]) / MIB,
    'Redis keys': await redis.dbsize(),
    descriptors: sum(descriptors),
  };
}

async function residentMiB(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

/** The slope of the least-squares line through the points. */
function slopeOf(points: readonly { readonly at: number; readonly value: number }[]): number {
  const [meanAt, mean] = [sum(points.map(({ at }) => at)), sum(points.map(({ value }) => value))].map(
    (total) => total / points.length,
  );
  const from = (at: number) => at - (meanAt ?? 0);
  const rise = sum(points.map(({ at, value }) => from(at) * (value - (mean ?? 0))));
  return rise / sum(points.map(({ at }) => from(at) ** 2));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
