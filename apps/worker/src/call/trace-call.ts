import type { Message } from '@linkhaul/jobs';
import type { Services } from '../services.js';

/**
 * Does a call's work as a step of its job's trace. Only calls with two significant digits are traced (1 to 99, 100, 110, 120 …),
 * so that a job of a million calls makes a few hundred steps.
 */
export async function traceCall(
  { job, call, attempt }: Message<'call'>,
  work: () => Promise<void>,
  { tracing, source }: Pick<Services, 'tracing' | 'source'>,
): Promise<void> {
  if (!tracing.isOn || !isTraced(call)) return work();
  const planned = await source.job(job);
  const facts = { 'linkhaul.job': job.id, 'linkhaul.call': call, 'linkhaul.attempt': attempt };
  return tracing.follow(planned?.description.trace, { name: 'call', facts }, work);
}

export function isTraced(call: number): boolean {
  return String(call).replace(/0+$/, '').length <= 2;
}
