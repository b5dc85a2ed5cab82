import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { targets } from '../cell.js';
import { askPatiently, openVendor } from './vendor.js';

/** A script as one writes it: a list, the vendor's client, so many at once, and at most one start every so often. */
const { url, inFlight, everyMs } = z
  .object({ url: z.string(), inFlight: z.number(), everyMs: z.number() })
  .parse(JSON.parse(process.argv[2] ?? ''));

process.once('disconnect', () => process.exit());

const ROWS = 20_000;
const ask = openVendor(url);
const limit = pLimit(inFlight);
let nextAt = 0;

async function paced(target: string): Promise<void> {
  const now = performance.now();
  nextAt = Math.max(nextAt + everyMs, now);
  if (nextAt > now) await sleep(nextAt - now);
  await askPatiently(ask, target);
}

await Promise.all(targets(ROWS).map((target) => limit(() => paced(target))));
