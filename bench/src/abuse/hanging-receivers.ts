import type { LinkhaulClient } from '@linkhaul/client';
import { median, table } from '../figures.js';
import { type BulkUpstream, startBulkUpstream } from '../interface/upstream.js';
import { type Environment, type Say, type Service, withService } from '../limits/service.js';
import { type Receiver, startReceiver } from '../receiver.js';
import { clientOf, keysOf, submitSmall } from './tenants.js';

const SLOW = ['a', 'b', 'c', 'd', 'e', 'f'];
const JOBS_EACH = 22;
/** Deliveries of each slow tenant: as many as a tenant may have open at once. */
const OPEN_EACH = 10;
const ROUNDS = 10;

interface Ends {
  readonly upstream: BulkUpstream;
  readonly quick: Receiver;
  readonly silent: Receiver;
}

/** Measures the delay of one tenant's webhook during 132 webhooks of six tenants whose receivers never answer. */
export async function benchHangingReceivers(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const ends = {
    upstream: await startBulkUpstream(0),
    quick: await startReceiver(true),
    silent: await startReceiver(false),
  };
  const settings = { LINKHAUL_API_KEYS: keysOf([...SLOW, 'quiet']), WEBHOOK_ALLOW_PRIVATE: '1' };
  const options = { env, say, upstreamUrl: ends.upstream.url, workers: 1, perMinute: 10_000, inFlight: 30, settings };
  try {
    const { alone, beside } = await withService(options, (service) => measure(service, ends));
    const heading = ["a seventh tenant's webhook", 'webhooks', 'p50', 'most'];
    const rowOf = (name: string, took: readonly number[]) => [
      name,
      String(took.length),
      ...[median(took), Math.max(...took)].map((ms) => `${ms.toFixed(0)} ms`),
    ];
    const rows = [rowOf('alone', alone), rowOf('beside 132 that hang', beside)];
    for (const line of table([heading, ...rows])) say(line);
    say("From the upstream's answer to the webhook's request.");
    return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
  } finally {
    ends.upstream.close();
    ends.quick.close();
    ends.silent.close();
  }
}

async function measure({ url }: Service, ends: Ends) {
  const quiet = clientOf('quiet', url);
  const alone = await delays(quiet, ends);
  const hanging = SLOW.map(async (tenant) => {
    for (let job = 0; job < JOBS_EACH; job++) await submitSmall(clientOf(tenant, url), ends.silent.url);
  });
  await Promise.all(hanging);
  await ends.silent.received(SLOW.length * OPEN_EACH);
  return { alone, beside: await delays(quiet, ends) };
}

async function delays(client: LinkhaulClient, { upstream, quick }: Ends): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const arrival = quick.next();
    await submitSmall(client, quick.url);
    took.push((await arrival) - upstream.answeredAt);
  }
  return took;
}
