import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { BulkName } from './lists.js';

const measured = z.object({ calls: z.number(), wallMs: z.number(), cpuMs: z.number() });

export interface Loop {
  readonly callsPerSecond: number;
  readonly cpuMsPerCall: number;
}

/** The bare loop in a process of its own. */
export async function runLoop(settings: { url: string; endpoint: BulkName; inFlight: number }): Promise<Loop> {
  const child = fork(new URL('./loop-process.js', import.meta.url), [JSON.stringify(settings)]);
  const ended = once(child, 'exit');
  const [said] = await Promise.race([
    once(child, 'message'),
    ended.then(() => Promise.reject(new Error('the loop ended without a word'))),
  ]);
  await ended;
  const { calls, wallMs, cpuMs } = measured.parse(said);
  return { callsPerSecond: (1000 * calls) / wallMs, cpuMsPerCall: cpuMs / calls };
}
