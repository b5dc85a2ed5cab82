import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const record = z.object({
  requests: z.array(
    z.object({
      at: z.string(),
      tag: z.string().nullable(),
      status_code: z.number().nullable(),
      cost_usd: z.number(),
    }),
  ),
  totals: z.object({ requests: z.number(), cost_usd: z.number(), max_in_flight: z.number() }),
});

export type UpstreamRecord = z.infer<typeof record>;

/** The local Backlinks API: it records what it is sent, and misbehaves on demand. */
export interface Witness {
  record(): Promise<UpstreamRecord>;
  /** Resolves when this many requests have arrived. */
  seen(requests: number): Promise<void>;
  /** Sets a fault for some of the calls: docs/backlinks.md lists the kinds. */
  fault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  clearFaults(): Promise<void>;
}

const LOOK_EVERY_MS = 50;

export function witnessAt(url: string): Witness {
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}/__control/${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the local Backlinks API answers ${answer.status}: ${await answer.text()}`);
    return answer.status === 204 ? null : answer.json();
  };
  const read = async (limit: number) => record.parse(await control('GET', `record?limit=${limit}`));
  return {
    record: () => read(100_000),
    async seen(requests) {
      while ((await read(1)).totals.requests < requests) await sleep(LOOK_EVERY_MS);
    },
    async fault(fault) {
      await control('POST', 'faults', fault);
    },
    async clearFaults() {
      await control('DELETE', 'faults');
    },
  };
}
