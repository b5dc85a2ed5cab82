import { type Asking, type JobRecord, type Jobs, questionOf } from '@linkhaul/jobs';
import { isBroken } from '@linkhaul/storage';
import type { Reading } from '../batch.js';
import { FIRST_CALL } from '../cursor.js';
import { walkSettled } from '../walk.js';
import { noteAnswer } from './note-answer.js';

type Services = Reading & Pick<Jobs, 'reuse'>;

const JOBS_AT_ONCE = 100;

/**
 * From now on answers to a job's question are noted; those that the tenant has already are noted now. Only the first job
 * that says `max_age` waits for that. It can be interrupted and repeated.
 */
export async function openQuestion(asking: Asking, services: Services): Promise<void> {
  const question = questionOf(asking);
  if (await services.reuse.open(question)) return;
  const { tenant } = asking;
  for (let before: string | null = null; ; ) {
    const page = await services.store.list(tenant, { before, limit: JOBS_AT_ONCE });
    for (const job of page.items) {
      if (questionOf(job.description) === question) await noteAnswersOf(job, services).catch(passBroken);
    }
    if (page.next === null) break;
    before = page.next;
  }
  await services.reuse.complete(question);
}

/** Nothing more is taken from a job in which something is broken. The other jobs may be whole. */
function passBroken(error: unknown): void {
  if (!isBroken(error)) throw error;
}

async function noteAnswersOf(job: JobRecord, services: Services): Promise<void> {
  if (job.plan === null) return;
  const { description } = job;
  for await (const { came, targets } of walkSettled(job, { from: FIRST_CALL, plan: job.plan, reading: services })) {
    if (came.kind !== 'answered') continue;
    await noteAnswer({ description, header: came.answer.header, targets: await targets() }, services, {
      isEarlier: true,
    });
  }
}
