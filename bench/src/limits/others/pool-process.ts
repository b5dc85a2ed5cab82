import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { targets } from '../cell.js';
import { askPatiently, openVendor } from './vendor.js';

/** The script that most people would write: a list, the vendor's client, a limit of calls at once, and a pause between starts. */
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
