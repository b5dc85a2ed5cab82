import { z } from 'zod';
import { WAIT_REASONS } from './account-reasons.js';
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
  .describe('`bound_by` as a sentence with a time or a number in it. Null if `bound_by` is null.');

const count = z.int().min(0);

export const capacity = z
  .object({
    upstream: z.object({
      host: z.string(),
      simulated: z.boolean().nullable().describe('Null until the upstream has said so.'),
      origin: servedOrigin
        .nullable()
        .describe(
          'The graph from which an upstream of this project answers. Null for any other upstream, and until it is known.',
        ),
    }),
    limits: z.object({
      requests_per_minute: count,
      in_flight: count,
      in_flight_now: count.describe(
        'Fewer than the limit while somebody else uses the login too, or during an outage.',
      ),
    }),
    in_use: z.object({ in_flight: count, last_minute: count }),
    paused: z
      .object({
        until: z.iso.datetime(),
        reason: z
          .string()
          .describe(
            `${WAIT_REASONS.map((reason) => `\`${reason}\``).join(', ')}: requests wait. \`upstream_…\`: jobs are paused, and \`until\` is the next try.`,
          ),
      })
      .nullable(),
    latency_ms: z
      .number()
      .nullable()
      .describe('The average of recent answers, from sending the call to its answer. Null before the first answer.'),
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
          .describe('For admins: each live worker, and how many calls it takes at once.'),
      })
      .describe('More workers than `useful_max`, with as many places each, do not make it faster.'),
    jobs_waiting: count,
    queues: z
      .object({
        jobs: count.describe('Not finished.'),
        calls: z.object({ waiting: count, sending: count, delayed: count, unknown: count }),
        events: count.describe('Events that no worker has handled yet.'),
        deliveries: count.describe('Pending deliveries of webhooks.'),
      })
      .nullable()
      .describe('For admins: what is in progress, over all tenants.'),
    balance_usd: z
      .number()
      .nullable()
      .describe('For admins: the money left at the upstream, as it last said. Null if it does not say.'),
  })
  .meta({ id: 'Capacity', description: "What the upstream's account may do, and does now, over all workers." });

export type CapacityView = z.infer<typeof capacity>;
