import type { Nanos } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import { type AttemptRef, paths } from './paths.js';

/** The cost of a call according to the upstream's record, if its stored answer does not state it. */
export interface Charge {
  readonly cost: Nanos;
  readonly taskId: string | null;
}

/** Stored beside the answer, which never changes. First write wins. */
export async function storeCharge(backend: Backend, at: AttemptRef, charge: Charge): Promise<void> {
  await backend.create(paths.charge(at.job, at.call, at.attempt), Buffer.from(JSON.stringify(charge)));
}

export async function readCharge(backend: Backend, { job, call, attempt }: AttemptRef): Promise<Charge | null> {
  const bytes = await backend.get(paths.charge(job, call, attempt));
  return bytes === null ? null : chargeIn(bytes.toString('utf8'));
}

/** Unreadable bytes count as no charge: the cost is then unknown, and nothing else is lost. */
function chargeIn(text: string): Charge | null {
  try {
    const { cost, taskId }: Record<string, unknown> = JSON.parse(text);
    if (typeof cost !== 'number') return null;
    return { cost, taskId: typeof taskId === 'string' ? taskId : null };
  } catch {
    return null;
  }
}
