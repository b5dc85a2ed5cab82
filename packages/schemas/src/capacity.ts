import { z } from 'zod';
import { servedOrigin } from './graph-origin.js';

export const binding = z
  .enum([
    'upstream_in_flight',
    'upstream_rate',
    'upstream_pause',
    'look_ups',
    'budget',
    'storage',
    'no_workers',
    'workers',
    'turn',
  ])
  .meta({ id: 'Binding', description: 'What keeps a job from going on, or the upstream from being asked faster.' });

export type Binding = z.infer<typeof binding>;

export const boundDetail = z
  .string()
  .nullable()
  .describe('The same in a sentence, with a time or a number in it; null where `bound_by` is.');

const count = z.int().min(0);

export const capacity = z
  .object({
    upstream: z.object({
      host: z.string(),
      simulated: z.boolean().nullable().describe('Null until the upstream has said something.'),
      origin: servedOrigin
        .nullable()
        .describe('Of what graph an upstream of this project answers; null for any other, and until it has said so.'),
    }),
    limits: z.object({
      requests_per_minute: count,
      in_flight: count,
      in_flight_now: count.describe(
        'Fewer than the limit while somebody else shares the login, or an outage is tried out.',
      ),
    }),
    in_use: z.object({ in_flight: count, last_minute: count }),
    paused: z
      .object({
        until: z.iso.datetime(),
        reason: z
          .string()
          .describe(
            '`rate`, `in_flight`, `too_many` or `failing`: requests wait. `upstream_…`: jobs are paused, and `until` is the next try.',
          ),
      })
      .nullable(),
    latency_ms: z
      .number()
      .nullable()
      .describe('Of late, from the sending to the answer; null before the first answer.'),
    calls_per_second: z.number().describe('What limits and latency allow.'),
    bound_by: binding.nullable(),
    bound_detail: boundDetail,
    workers: z
      .object({
        live: count,
        places: count,
        useful_max: count,
        list: z
          .array(z.object({ name: z.string(), places: count }))
          .nullable()
          .describe('For admins: each worker that lives, and the calls that it takes at once.'),
      })
      .describe('More workers than `useful_max`, with as many places each, do not make it faster.'),
    jobs_waiting: count,
    queues: z
      .object({
        jobs: count.describe('Not finished.'),
        calls: z.object({ waiting: count, sending: count, delayed: count, unknown: count }),
        events: count.describe('Not seen to by a worker yet.'),
        deliveries: count.describe('Of webhooks, on their way.'),
      })
      .nullable()
      .describe('For admins: what is under way, over all tenants.'),
    balance_usd: z
      .number()
      .nullable()
      .describe('The money left at the upstream, as it said last: for admins, and where it says.'),
  })
  .meta({ id: 'Capacity', description: "What the upstream's account may do, and does now, over all workers." });

export type CapacityView = z.infer<typeof capacity>;
