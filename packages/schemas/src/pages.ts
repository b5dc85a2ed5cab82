import { z } from 'zod';
import { apiKey } from './api-keys.js';
import { job } from './jobs.js';
import { nextCursor } from './next-cursor.js';
import { result, row } from './rows.js';
import { delivery, listedEvent } from './webhooks.js';

/** `GET /v1/jobs`. */
export const jobsPage = z
  .object({ jobs: z.array(job), next_cursor: nextCursor })
  .meta({ id: 'JobsPage', description: 'Newest first. A page may be short while `next_cursor` is not null.' });

/** `GET /v1/jobs/:id/rows`. */
export const rowsPage = z.object({ rows: z.array(row), next_cursor: nextCursor }).meta({ id: 'RowsPage' });

/** `GET /v1/jobs/:id/results`, and those of a tag. */
export const resultsPage = z.object({
  results: z.array(result),
  next_cursor: nextCursor,
  done: z.boolean().describe('False while more lines may come: ask again with `next_cursor`.'),
});

/** `GET /v1/tags`. */
export const tagsPage = z.object({ tags: z.array(z.string()), next_cursor: nextCursor }).meta({ id: 'TagsPage' });

/** `GET /v1/tags/:tag`. */
export const tagPage = z
  .object({ tag: z.string(), latest: job.nullable(), jobs: z.array(job), next_cursor: nextCursor })
  .meta({ id: 'TagPage', description: 'The runs of a tag, newest first.' });

/** `GET /v1/events`. */
export const eventsPage = z
  .object({
    events: z.array(listedEvent),
    next_cursor: nextCursor.describe('What to send as `after` for the next page; null after the last.'),
  })
  .meta({ id: 'EventsPage', description: 'Oldest first.' });

/** `GET /v1/deliveries`. */
export const deliveriesPage = z
  .object({ deliveries: z.array(delivery), next_cursor: nextCursor })
  .meta({ id: 'DeliveriesPage' });

/** `GET /v1/keys`. */
export const keysPage = z.object({ keys: z.array(apiKey), next_cursor: z.null() }).meta({ id: 'KeysPage' });

/** `GET /v1/webhooks/secret`. */
export const webhookSecret = z
  .object({ secret: z.string().describe('`whsec_` and base64: the secret with which a receiver checks signatures.') })
  .meta({ id: 'WebhookSecret' });

export type JobsPage = z.infer<typeof jobsPage>;
export type ResultsPage = z.infer<typeof resultsPage>;
export type EventsPage = z.infer<typeof eventsPage>;
export type DeliveriesPage = z.infer<typeof deliveriesPage>;
export type TagsPage = z.infer<typeof tagsPage>;
export type TagPage = z.infer<typeof tagPage>;
export type WebhookSecret = z.infer<typeof webhookSecret>;
