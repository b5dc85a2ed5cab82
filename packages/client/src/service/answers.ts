import { apiKey, delivery, job, listedEvent, result } from '@linkhaul/schemas';
import { z } from 'zod';

const nextCursor = z.string().nullable();

export const jobsPage = z.object({ jobs: z.array(job), next_cursor: nextCursor });
export const resultsPage = z.object({ results: z.array(result), next_cursor: nextCursor, done: z.boolean() });
export const tagPage = z.object({
  tag: z.string(),
  latest: job.nullable(),
  jobs: z.array(job),
  next_cursor: nextCursor,
});
export const tagsPage = z.object({ tags: z.array(z.string()), next_cursor: nextCursor });
export const webhookSecret = z.object({ secret: z.string() });
export const eventsPage = z.object({ events: z.array(listedEvent), next_cursor: nextCursor });
export const deliveriesPage = z.object({ deliveries: z.array(delivery), next_cursor: nextCursor });
export const keysPage = z.object({ keys: z.array(apiKey), next_cursor: nextCursor });

export type JobsPage = z.infer<typeof jobsPage>;
export type ResultsPage = z.infer<typeof resultsPage>;
export type EventsPage = z.infer<typeof eventsPage>;
export type DeliveriesPage = z.infer<typeof deliveriesPage>;
export type TagPage = z.infer<typeof tagPage>;
export type TagsPage = z.infer<typeof tagsPage>;
