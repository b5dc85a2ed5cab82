import { accessTo, newJobId, openJobs } from '@linkhaul/jobs';
import { Redis } from 'ioredis';
import { startBulkUpstream } from '../interface/upstream.js';
import { targets } from '../limits/cell.js';
import { type Environment, type Say, type Service, withService } from '../limits/service.js';
import { benchCompare } from './compare.js';

const UNLIMITED = 10_000_000;
const IN_FLIGHT = 30;
const [ROWS, INDEXED, A_CALL] = [1_000_000, 10_000_000, 1000];
const QUESTION = 'bench/question';

/** Measures what it takes to run a large list again from stored answers, and to index those; or to compare two runs. */
export async function benchReuse(env: Environment, say: Say, part?: string): Promise<Record<string, number>> {
  if (part === 'compare') return benchCompare(env, say);
  const upstream = await startBulkUpstream(20);
  const options = { env, say, upstreamUrl: upstream.url, workers: 2, perMinute: UNLIMITED, inFlight: IN_FLIGHT };
  try {
    return await withService(options, async (service) => {
      const redis = new Redis(service.redisUrl);
      try {
        return { ...(await measureJobs(service, redis, say)), ...(await measureIndex(redis, say)) };
      } finally {
        redis.disconnect();
      }
    });
  } finally {
    upstream.close();
  }
}

async function measureJobs({ client }: Service, redis: Redis, say: Say) {
  const list = targets(ROWS).join('\n');
  const run = async (maxAge?: string) => {
    const [from, memory] = [performance.now(), await memoryOf(redis)];
    const { id } = await client.submitText(
      { endpoint: 'bulk_backlinks', ...(maxAge !== undefined && { max_age: maxAge }) },
      list,
    );
    const { reused, cost } = await client.waitFor(id);
    const s = (performance.now() - from) / 1000;
    say(
      `${maxAge ?? 'no max_age'}: ${s.toFixed(1)} s, ${reused} rows reused, $${cost.spent_usd}, ${mib((await memoryOf(redis)) - memory)} MiB more`,
    );
    return s;
  };
  return { bought_s: await run(), first_reuse_s: await run('7d'), second_reuse_s: await run('7d') };
}

async function measureIndex(redis: Redis, say: Say) {
  const { reuse } = openJobs(accessTo(redis, 'bench'));
  await reuse.open(QUESTION);
  const job = { tenant: 'bench', id: newJobId(Date.now()) };
  const answer = { job, attempt: 1, isPart: false, retentionDays: 30 };
  const before = await memoryOf(redis);
  const from = performance.now();
  for (let at = 0; at < INDEXED; at += A_CALL) {
    const names = namesFrom(at);
    await reuse.note(QUESTION, { ...answer, call: at / A_CALL + 1, answeredAt: Date.now(), targets: names });
  }
  const noted = (performance.now() - from) / 1000;
  const memory = (await memoryOf(redis)) - before;
  const startedAt = performance.now();
  for (let at = 0; at < ROWS; at += A_CALL) await reuse.find(QUESTION, namesFrom(at), { hasParts: false });
  const found = (performance.now() - startedAt) / 1000;
  say(
    `${INDEXED} targets: noted in ${noted.toFixed(1)} s, ${mib(memory)} MiB (${(memory / INDEXED).toFixed(1)} bytes each)`,
  );
  say(`${ROWS} of them found in ${found.toFixed(1)} s`);
  return { noted_s: noted, index_bytes: memory, found_s: found };
}

function namesFrom(at: number): string[] {
  return Array.from({ length: A_CALL }, (_, index) => `site-${at + index}.com`);
}

async function memoryOf(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
