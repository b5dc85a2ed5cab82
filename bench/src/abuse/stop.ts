import { table } from '../figures.js';
import { startBulkUpstream } from '../interface/upstream.js';
import { type Environment, type Say, type Service, withService } from '../limits/service.js';
import { type Receiver, startReceiver } from '../receiver.js';
import { clientOf, keysOf, submitSmall, testWebhook } from './tenants.js';

const TENANTS = ['a', 'b', 'c'];
const OPEN_EACH = 10;

/** Measures how long a worker and an API take to stop if their receivers never answer. */
export async function benchStop(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const upstream = await startBulkUpstream(0);
  const silent = await startReceiver(false);
  const settings = { LINKHAUL_API_KEYS: keysOf(TENANTS), WEBHOOK_ALLOW_PRIVATE: '1' };
  const options = { env, say, upstreamUrl: upstream.url, workers: 1, perMinute: 10_000, inFlight: 30, settings };
  try {
    const rows = await withService(options, (service) => measure(service, silent));
    const heading = ['SIGTERM beside receivers that hang', 'open', 'ended after', 'not yet delivered'];
    for (const line of table([heading, ...rows])) say(line);
    return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
  } finally {
    upstream.close();
    silent.close();
  }
}

async function measure({ url, stop }: Service, silent: Receiver): Promise<string[][]> {
  for (const tenant of TENANTS) {
    for (let job = 0; job < OPEN_EACH; job++) await submitSmall(clientOf(tenant, url), silent.url);
  }
  const open = TENANTS.length * OPEN_EACH;
  await silent.received(open);
  const worker = ['worker', String(open), await timeOf(() => stop('worker-1'))];
  const pages = await Promise.all(TENANTS.map((tenant) => clientOf(tenant, url).deliveries({ status: ['pending'] })));
  const left = pages.flatMap(({ deliveries }) => deliveries).filter(({ attempts }) => attempts.length === 0);

  const tests = Array.from({ length: OPEN_EACH }, () => testWebhook('a', { api: url, url: silent.url }));
  await silent.received(open + OPEN_EACH);
  const api = ['API, tests of webhooks', String(OPEN_EACH), await timeOf(() => stop('api'))];
  await Promise.all(tests);
  return [
    [...worker, String(left.length)],
    [...api, ''],
  ];
}

async function timeOf(work: () => Promise<void>): Promise<string> {
  const from = performance.now();
  await work();
  return `${((performance.now() - from) / 1000).toFixed(1)} s`;
}
