import { type JobRecord, recordDamage, refOf } from '@linkhaul/jobs';
import { type Answer, isBroken, readCopiedPart } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import type { WalkedCall } from './walk.js';

/** In how many parts the answer of a call is read, to have one part in memory: one, unless it is a long copied list. */
export function partsOf({ came }: WalkedCall): number {
  return came.kind === 'answered' ? 1 + (came.answer.header.copied?.further?.items.length ?? 0) : 1;
}

/** One part of a call's answer, in the form of a whole answer. If its bytes are broken, the row of the call fails, once. */
export async function partOf(
  job: JobRecord,
  walked: WalkedCall,
  part: number,
  reading: Reading,
): Promise<WalkedCall['came']> {
  const { came, call } = walked;
  const further = came.kind === 'answered' ? came.answer.header.copied?.further : undefined;
  if (came.kind !== 'answered' || further === undefined) return came;
  const ofPart = cutTo(came.answer, part);
  if (part === 0) return { ...came, answer: ofPart };
  try {
    const at = { job: refOf(job.description), call, name: further.name, part };
    const copies = await readCopiedPart(reading.storage, at);
    return { ...came, answer: { ...ofPart, body: async () => Buffer.alloc(0), copies: async () => copies } };
  } catch (error) {
    if (!isBroken(error) || job.plan === null) throw error;
    const { attempt } = came.answer.header;
    const damaged = { plan: job.plan, targets: await walked.targets(), header: came.answer.header };
    await recordDamage({ job: refOf(job.description), call, attempt }, damaged, reading);
    return { kind: 'damaged', attempts: attempt, decides: true };
  }
}

/** The header describes the whole list. The header of a part describes the items of that part alone. */
function cutTo(answer: Answer, part: number): Answer {
  const { outcome, copied } = answer.header;
  if (outcome.kind !== 'list') return answer;
  const behind = copied?.further?.items ?? [];
  const first = outcome.items - behind.reduce((sum, items) => sum + items, 0);
  const counts = [first, ...behind];
  const before = counts.slice(0, part).reduce((sum, items) => sum + items, 0);
  const ofPart = { ...outcome, offset: outcome.offset + before, items: counts[part] ?? 0 };
  return { ...answer, header: { ...answer.header, outcome: ofPart } };
}
