import { z } from 'zod';

/** Whether a route takes the list of a job or of a watch: the body may have any form of a list, and fields may be in the query. */
export type ListOf = 'job' | 'watch';

/** Part of a request without any field. */
export const NOTHING = z.object({});

/** The parts of a request, all empty: `NO_INPUT.extend({ params: ofJob })` is the request of a route that takes a job's id. */
export const NO_INPUT = z.object({ params: NOTHING, query: NOTHING, body: NOTHING });

/** The parts of a request that a route takes. The body is a JSON object of at most 64 KiB. */
export type RequestSchema<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodObject = z.ZodObject,
> = z.ZodObject<{ params: P; query: Q; body: B }>;

/** A request, as its schema has parsed it. */
export interface Input<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
}
