import { RateLimitError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { openVendor, WAIT_MS } from './vendor.js';

/** A BullMQ worker with BullMQ's own limits, as its documentation shows it. */
const { url, redisUrl, queue, inFlight, max, duration } = z
  .object({
    url: z.string(),
    redisUrl: z.string(),
    queue: z.string(),
    inFlight: z.number(),
    max: z.number(),
    duration: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

process.once('disconnect', () => process.exit());

const ask = openVendor(url);
const worker = new Worker<{ target: string }>(
  queue,
  async ({ data }) => {
    if (await ask(data.target)) return;
    await worker.rateLimit(WAIT_MS);
    throw new RateLimitError();
  },
  {
    connection: new Redis(redisUrl, { maxRetriesPerRequest: null }),
    concurrency: inFlight,
    limiter: { max, duration },
    removeOnComplete: { count: 0 },
  },
);
worker.on('error', () => undefined);
