import { endpointName } from '@linkhaul/schemas';
import { z } from 'zod';

const scope = {
  /** How many calls it befalls. */
  count: z.int().min(1),
  /** Only calls of this endpoint; without it, of any. */
  endpoint: endpointName.optional(),
};

export const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    code: z.int().min(10_000).max(60_000),
    level: z.enum(['envelope', 'task']).default('envelope'),
    ...scope,
  }),
  /** That HTTP status with an empty body; nothing is run. */
  z.strictObject({ kind: z.literal('http'), http_status: z.int().min(400).max(599), ...scope }),
  /** The connection breaks before anything is run. */
  z.strictObject({ kind: z.literal('reset_before'), ...scope }),
  /** The call runs and is charged, then the connection breaks. */
  z.strictObject({ kind: z.literal('reset_after'), ...scope }),
  /** The call runs and is charged; no answer comes until the client leaves. */
  z.strictObject({ kind: z.literal('hang'), ...scope }),
]);

export type Fault = z.infer<typeof fault>;

/** Faults wait in the order in which they were set; each call meets at most one. */
export interface Faults {
  add(fault: Fault): void;
  take(endpoint: string): Fault | null;
  clear(): void;
}

export function createFaults(): Faults {
  let waiting: Fault[] = [];
  return {
    add: (added) => {
      waiting.push({ ...added });
    },
    take: (endpoint) => {
      const met = waiting.find((one) => one.endpoint === undefined || one.endpoint === endpoint);
      if (met === undefined) return null;
      met.count--;
      if (met.count === 0) waiting = waiting.filter((one) => one !== met);
      return met;
    },
    clear: () => {
      waiting = [];
    },
  };
}
