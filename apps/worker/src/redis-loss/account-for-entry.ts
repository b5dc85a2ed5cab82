import { sendingOf } from '@linkhaul/jobs';
import type { RecordEntry } from '@linkhaul/schemas';
import { isAnswered, type JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { type Settling, settleStored } from '../settle/settle-stored.js';

type AccountingServices = Settling & Pick<Services, 'store'>;

/** Whether each call in the upstream's record is accounted for. */
export interface Accounting {
  /**
   * `open`: it is under way, and nobody knows of it. One that is done, and that neither storage nor the ledger has, is counted
   * as wasted; one that storage has is settled. `open` is also one that could not be looked at: it holds up no other.
   */
  accountFor(entry: RecordEntry): Promise<'known' | 'open'>;
}

interface Sent {
  readonly job: JobRef;
  readonly call: number;
  readonly attempt: number;
  readonly nonce: string | null;
}

/** `doneAfterMs`: from a sending until it is surely done, whatever the record says. */
export function createAccounting(services: AccountingServices, { doneAfterMs }: { doneAfterMs: number }): Accounting {
  const jobs = new Map<string, JobRef | null>();
  const sentBy = async (tag: string | null): Promise<Sent | null> => {
    const sending = tag === null ? null : sendingOf(tag);
    if (sending === null) return null;
    const job = jobs.get(sending.jobId) ?? (await services.store.find(sending.jobId));
    jobs.set(sending.jobId, job);
    return job === null ? null : { ...sending, job };
  };
  const judge = async (entry: RecordEntry): Promise<'known' | 'open'> => {
    const sent = await sentBy(entry.tag);
    // The ledger is asked first: a call that is settled in between has its answer in storage by then.
    if (sent === null || (await isUnderWay(sent, services)) || (await isStored(sent, entry, services))) return 'known';
    const now = await services.calls.now();
    const { postedAt, doneAt, cost } = entry;
    if (doneAt === null && (postedAt ?? now) + doneAfterMs > now) return 'open';
    await waste(sent, { ...entry, cost, postedAt: postedAt ?? now }, services);
    return 'known';
  };
  return {
    async accountFor(entry) {
      try {
        return await judge(entry);
      } catch (err) {
        services.logger.error({ err, tag: entry.tag }, 'could not account for an entry of the record');
        return 'open';
      }
    },
  };
}

async function isUnderWay(sent: Sent, { calls }: AccountingServices): Promise<boolean> {
  const live = await calls.live(sent);
  if (live === null || live.state === 'planned') return false;
  return live.attempt === sent.attempt && live.nonce === sent.nonce;
}

/** An answer that storage has is settled, where it was not: the settlement may have been lost as well. */
async function isStored(sent: Sent, { id }: RecordEntry, services: AccountingServices): Promise<boolean> {
  if (!(await isAnswered(services.storage, sent.job, { ...sent, taskId: id }))) return false;
  const planned = await services.source.job(sent.job);
  if (planned !== null) await settleStored(sent, planned, services);
  return true;
}

interface Charged {
  readonly id: string | null;
  readonly cost: number | null;
  readonly postedAt: number;
}

async function waste(
  sent: Sent,
  { id, cost, postedAt }: Charged,
  { ledger, logger }: AccountingServices,
): Promise<void> {
  const { job, call, attempt, nonce } = sent;
  logger.warn({ job: job.id, tenant: job.tenant, call, attempt, task: id, cost }, 'a sending that nobody knew of');
  // Without a cost that can be read nothing is counted: no money is held for a call that nobody knew of.
  if (cost !== null && cost > 0) await ledger.waste(sent, { cost, sentAt: postedAt, id: { taskId: id, nonce } });
}
