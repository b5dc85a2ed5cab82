import type { LinkhaulClient } from '@linkhaul/client';
import { median, quantile, table } from '../figures.js';
import { type Environment, type Say, withService } from '../limits/service.js';
import { type Receiver, startReceiver } from '../receiver.js';
import { type BulkUpstream, startBulkUpstream } from './upstream.js';

const JOBS = 100;

/** Measures how soon after a job's last answer its webhook arrives. */
export async function benchWebhooks(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = ['webhook', 'jobs', 'p50', 'p99', 'most'];
  const upstream = await startBulkUpstream(0);
  const receiver = await startReceiver(true);
  const options = { env, say, upstreamUrl: upstream.url, workers: 2, perMinute: 10_000, inFlight: 30 };
  try {
    const took = await withService(options, ({ client }) => measure(client, { upstream, receiver }));
    const figures = [median(took), quantile(took, 0.99), Math.max(...took)];
    const row = ['after the last answer', String(JOBS), ...figures.map((ms) => `${ms.toFixed(1)} ms`)];
    for (const line of table([heading, row])) say(line);
    for (const note of NOTES) say(note);
    return [Object.fromEntries(heading.map((name, column) => [name, row[column] ?? '']))];
  } finally {
    receiver.close();
    upstream.close();
  }
}

interface Ends {
  readonly upstream: BulkUpstream;
  readonly receiver: Receiver;
}

async function measure(client: LinkhaulClient, { upstream, receiver }: Ends): Promise<number[]> {
  const took: number[] = [];
  for (let job = 0; job < JOBS; job++) {
    const arrival = receiver.next();
    const webhook = { url: receiver.url };
    await client.submit({ endpoint: 'bulk_backlinks', webhook }, [`site-${job}.com`]);
    const arrivedAt = await arrival;
    took.push(arrivedAt - upstream.answeredAt);
  }
  return took;
}

const NOTES = [
  '',
  "Jobs of one call, one after another. From the upstream's answer to the webhook's request: what storing the answer and",
  'closing the job take is in it.',
];
