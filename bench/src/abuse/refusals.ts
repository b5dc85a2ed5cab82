import { Redis } from 'ioredis';
import { median, table } from '../figures.js';
import { type Api, withApi } from '../interface/api-process.js';
import type { Environment, Say } from '../limits/service.js';

const FOREIGN_KEYS = 500_000;
const KEYS_A_STEP = 10_000;
const ROUNDS = 50;

/** Measures the refusal of a list whose rows are stored in Redis already, with and without many other keys. */
export async function benchRefusals(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = ['keys of others', 'refused after', 'most'];
  const rows = await withApi({ env, say, settings: { STORAGE_URL: 'redis:' } }, async (api) => {
    const alone = await measure(api);
    await fill(api.redisUrl);
    const beside = await measure(api);
    return [
      ['0', ...alone],
      [String(FOREIGN_KEYS), ...beside],
    ];
  });
  for (const line of table([heading, ...rows])) say(line);
  say('');
  say(
    `Medians of ${ROUNDS} lists of 1,000 rows with storage in Redis; the last row is invalid, with on_invalid=reject.`,
  );
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

async function measure({ url }: Api): Promise<string[]> {
  const list = [...Array.from({ length: 999 }, (_, at) => `example-${at}.com`), 'not a domain'].join('\n');
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    const answer = await fetch(`${url}/v1/jobs?endpoint=bulk_backlinks&on_invalid=reject`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: list,
    });
    await answer.arrayBuffer();
    if (answer.status !== 422) throw new Error(`answered with ${answer.status}`);
    times.push(performance.now() - from);
  }
  return [median(times), Math.max(...times)].map((ms) => `${ms.toFixed(1)} ms`);
}

async function fill(redisUrl: string): Promise<void> {
  const redis = new Redis(redisUrl);
  const script = `for at = ARGV[1], ARGV[2] do redis.call('SET', 'foreign:' .. at, 'x') end`;
  for (let at = 0; at < FOREIGN_KEYS; at += KEYS_A_STEP) await redis.eval(script, 0, at, at + KEYS_A_STEP - 1);
  redis.disconnect();
}
