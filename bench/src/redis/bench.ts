import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { table } from '../figures.js';
import { targets } from '../limits/cell.js';
import { type Environment, type Say, type Service, withService } from '../limits/service.js';
import { startUpstream } from '../limits/upstream.js';

const IN_FLIGHT = 100;
const UNLIMITED = 10_000_000;
const LATENCY_MS = 20;
const WORKERS = 2;
const IDLE_MS = 10_000;
const [CALLS, JOBS, ROWS, LISTENERS] = [20_000, 500, 1_000_000, 300];

/** What Redis has used since it started, or during some time. */
interface Used {
  readonly at: number;
  readonly cpuMs: number;
  readonly commands: number;
  readonly memory: number;
}

/** Measures what rows, calls, jobs and listeners cost in Redis, to compute how much one Redis can carry. */
export async function benchRedis(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const upstream = await startUpstream();
  upstream.behave({ latencyMs: LATENCY_MS, limits: { inFlight: UNLIMITED, windows: [] } });
  const options = { env, say, upstreamUrl: upstream.url, workers: WORKERS, perMinute: UNLIMITED, inFlight: IN_FLIGHT };
  try {
    const rows = await withService(options, async (service) => {
      const redis = new Redis(service.redisUrl);
      try {
        return await measureAll(service, redis);
      } finally {
        redis.disconnect();
      }
    });
    const heading = ['', 'CPU of Redis', 'commands', 'memory'];
    for (const line of table([heading, ...rows])) say(line);
    for (const note of NOTES) say(note);
    return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name || 'what', row[column] ?? ''])));
  } finally {
    upstream.close();
  }
}

async function measureAll(service: Service, redis: Redis): Promise<string[][]> {
  await runJob(service, 10);
  const idle = await during(redis, () => sleep(IDLE_MS));
  const calls = await during(redis, () => runJob(service, CALLS));
  const jobs = await during(redis, async () => {
    for (let job = 0; job < JOBS; job++) await runJob(service, 1);
  });
  const rows = await during(redis, async () => {
    await service.client.submitText({ endpoint: 'bulk_backlinks', start: 'manual' }, targets(ROWS).join('\n'));
  });
  const { stop, used: listeners } = await listen(service, redis);
  stop();
  return [
    ['API and two workers that have nothing to do, a second', ...shares(idle, IDLE_MS / 1000)],
    [`a call, of ${CALLS} of a list endpoint, settled`, ...shares(beyond(calls, idle), CALLS)],
    ['a job of one call, finished and kept', ...shares(beyond(jobs, idle), JOBS)],
    [`a row, of ${ROWS} of a bulk job, accepted`, ...shares(beyond(rows, idle), ROWS)],
    [
      'a listener of a job that does not change, a second',
      ...shares(beyond(listeners, idle), LISTENERS * seconds(listeners)),
    ],
  ];
}

async function runJob({ client }: Service, calls: number): Promise<void> {
  const { id } = await client.submitText({ endpoint: 'referring_domains' }, targets(calls).join('\n'));
  await client.waitFor(id);
}

/** Opens listeners and lets them listen. */
async function listen({ client, url }: Service, redis: Redis): Promise<{ stop(): void; used: Used }> {
  const { id } = await client.submitText({ endpoint: 'bulk_backlinks', start: 'manual' }, 'example.com');
  const over = new AbortController();
  const used = await during(redis, async () => {
    for (let listener = 0; listener < LISTENERS; listener++) {
      await fetch(`${url}/v1/jobs/${id}/events`, { signal: over.signal });
    }
    await sleep(IDLE_MS);
  });
  return { stop: () => over.abort(), used };
}

async function during(redis: Redis, work: () => Promise<void>): Promise<Used> {
  const before = await usedBy(redis);
  await work();
  const after = await usedBy(redis);
  return {
    at: after.at - before.at,
    cpuMs: after.cpuMs - before.cpuMs,
    commands: after.commands - before.commands,
    memory: after.memory - before.memory,
  };
}

async function usedBy(redis: Redis): Promise<Used> {
  const info = await redis.info();
  const field = (name: string) => Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]);
  return {
    at: performance.now(),
    cpuMs: 1000 * (field('used_cpu_user_main_thread') + field('used_cpu_sys_main_thread')),
    commands: field('total_commands_processed'),
    memory: field('used_memory'),
  };
}

function seconds({ at }: Used): number {
  return at / 1000;
}

/** Subtracts what idle processes use. */
function beyond(used: Used, idle: Used): Used {
  const idly = used.at / idle.at;
  return { ...used, cpuMs: used.cpuMs - idly * idle.cpuMs, commands: used.commands - idly * idle.commands };
}

function shares({ cpuMs, commands, memory }: Used, count: number): string[] {
  return [
    `${((1000 * cpuMs) / count).toFixed(1)} us`,
    (commands / count).toFixed(2),
    `${(memory / count).toFixed(0)} B`,
  ];
}

const NOTES = [
  `Two workers, file storage, an append-only file, ${IN_FLIGHT} calls in flight, a latency of ${LATENCY_MS} ms, everything on this machine.`,
  'Commands are those that Redis counts, with each command of a script. Memory is what stays after the step. All but the first',
  'row leave out what the first one says.',
];
