import type { LinkhaulClient } from '@linkhaul/client';
import { startNameServer } from '@linkhaul/stack';
import { median, table } from '../figures.js';
import { startBulkUpstream } from '../interface/upstream.js';
import { type Environment, type Say, type Service, withService } from '../limits/service.js';
import { type Receiver, startReceiver } from '../receiver.js';
import { clientOf, keysOf, submitSmall } from './tenants.js';

const NOISY_JOBS = 40;
const NOISY_TESTS = 10;
const ROUNDS = 10;

/** Measures a tenant's webhooks during 40 jobs and 10 tests of another tenant, whose name servers never answer. */
export async function benchSilentNames(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const upstream = await startBulkUpstream(0);
  const receiver = await startReceiver(true);
  const names = await startNameServer((name, family) => {
    if (name !== 'good.test') return null;
    return family === 4 ? ['127.0.0.1'] : [];
  });
  const settings = {
    LINKHAUL_API_KEYS: keysOf(['noisy', 'quiet']),
    WEBHOOK_ALLOW_PRIVATE: '1',
    WEBHOOK_DNS_SERVERS: names.address,
  };
  const options = { env, say, upstreamUrl: upstream.url, workers: 1, perMinute: 10_000, inFlight: 30, settings };
  try {
    const figures = await withService(options, async (service) => {
      const alone = await rounds(clientOf('quiet', service.url), receiver);
      const over = trouble(service);
      // Each name is looked up twice, for IPv4 and for IPv6.
      await names.asked(2 * NOISY_TESTS);
      const beside = await rounds(clientOf('quiet', service.url), receiver);
      await over;
      return { alone, beside };
    });
    const heading = ['a quiet tenant', 'job p50', 'most', 'webhook test p50', 'most'];
    const rows = Object.entries(figures).map(([name, { jobs, tests }]) => [
      name === 'alone' ? name : 'beside silent names',
      ...[median(jobs), Math.max(...jobs), median(tests), Math.max(...tests)].map((ms) => `${ms.toFixed(0)} ms`),
    ]);
    for (const line of table([heading, ...rows])) say(line);
    say('A job: from its submission to its end. Its webhook goes to a name, which is looked up each time.');
    return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
  } finally {
    upstream.close();
    receiver.close();
    await names.close();
  }
}

async function trouble({ url }: Service): Promise<void> {
  const noisy = clientOf('noisy', url);
  const tests = Array.from({ length: NOISY_TESTS }, (_, at) => noisy.testWebhook(`http://silent-test-${at}.test/`));
  for (let job = 0; job < NOISY_JOBS; job++) await submitSmall(noisy, `http://silent-${job}.test/`);
  await Promise.all(tests);
}

async function rounds(client: LinkhaulClient, { port }: Receiver) {
  const [jobs, tests]: [number[], number[]] = [[], []];
  const url = `http://good.test:${port}/`;
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    await client.waitFor(await submitSmall(client, url));
    const between = performance.now();
    await client.testWebhook(url);
    jobs.push(between - from);
    tests.push(performance.now() - between);
  }
  return { jobs, tests };
}
