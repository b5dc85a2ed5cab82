import { sendingOf } from '@linkhaul/jobs';
import type { RecordEntry } from '@linkhaul/schemas';
import { isAnswered, type JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { type SettleServices, settleStored } from '../settle/settle-stored.js';

type AccountingServices = SettleServices & Pick<Services, 'store'>;

/** Accounts for the entries of the upstream's record, one by one. */
export interface Accounting {
  /**
   * `known`: not ours, known to the ledger, in storage (and now settled), or now counted as wasted. `unfinished`: still running, or
   * impossible to check now: read the entry again later.
   */
  accountFor(entry: RecordEntry): Promise<'known' | 'unfinished'>;
}

interface SentRef {
  readonly job: JobRef;
  readonly call: number;
  readonly attempt: number;
  readonly nonce: string | null;
}

/** `doneAfterMs`: this long after a send the request is certainly done, whatever the record says. */
export function createAccounting(services: AccountingServices, { doneAfterMs }: { doneAfterMs: number }): Accounting {
  const jobs = new Map<string, JobRef | null>();
  const sentBy = async (tag: string | null): Promise<SentRef | null> => {
    const sending = tag === null ? null : sendingOf(tag);
    if (sending === null) return null;
    const job = jobs.get(sending.jobId) ?? (await services.store.find(sending.jobId));
    jobs.set(sending.jobId, job);
    return job === null ? null : { ...sending, job };
  };
  const judge = async (entry: RecordEntry): Promise<'known' | 'unfinished'> => {
    const sent = await sentBy(entry.tag);
    // The ledger is asked before storage: a call that is settled between the two checks has its answer in storage by then.
    if (sent === null || (await isUnderWay(sent, services)) || (await isStored(sent, entry, services))) return 'known';
    const now = await services.calls.now();
    const { postedAt, doneAt, cost } = entry;
    if (doneAt === null && (postedAt ?? now) + doneAfterMs > now) return 'unfinished';
    await waste(sent, { ...entry, cost, postedAt: postedAt ?? now }, services);
    return 'known';
  };
  return {
    async accountFor(entry) {
      try {
        return await judge(entry);
      } catch (err) {
        services.logger.error({ err, tag: entry.tag }, "could not account for an entry of the upstream's record");
        return 'unfinished';
      }
    },
  };
}

async function isUnderWay(sent: SentRef, { calls }: AccountingServices): Promise<boolean> {
  const live = await calls.live(sent);
  if (live === null || live.state === 'planned') return false;
  return live.attempt === sent.attempt && live.nonce === sent.nonce;
}

/** Whether storage has the answer. If so, the answer is settled, because Redis may have lost the settlement too. */
async function isStored(sent: SentRef, { id }: RecordEntry, services: AccountingServices): Promise<boolean> {
  if (!(await isAnswered(services.storage, sent.job, { ...sent, taskId: id }))) return false;
  const planned = await services.source.job(sent.job);
  if (planned !== null) await settleStored(sent, planned, services);
  return true;
}

interface Charge {
  readonly id: string | null;
  readonly cost: number | null;
  readonly postedAt: number;
}

async function waste(
  sent: SentRef,
  { id, cost, postedAt }: Charge,
  { ledger, logger }: AccountingServices,
): Promise<void> {
  const { job, call, attempt, nonce } = sent;
  const where = { job: job.id, tenant: job.tenant, call, attempt, task: id, cost };
  logger.warn(where, "the upstream's record has an attempt that Redis has lost: its cost is wasted");
  // Without a readable cost nothing is counted: no money is reserved for an attempt that the ledger does not know.
  if (cost !== null && cost > 0) await ledger.waste(sent, { cost, sentAt: postedAt, id: { taskId: id, nonce } });
}
