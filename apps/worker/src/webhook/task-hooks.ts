import type { WebhookMessage } from '@linkhaul/client';
import { type Delivery, type JobRecord, refOf } from '@linkhaul/jobs';
import { decidedInRun, hooksOfJob, hooksOfTasks, numberedTasks, postbackBody, type TaskHook } from '@linkhaul/results';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';

type Reading = Pick<Services, 'store' | 'calls' | 'ledger' | 'queues' | 'storage'>;
type Announcing = Reading & Pick<Services, 'deliveries'>;

/** Makes the deliveries that tasks ask for which are ready, of some jobs of which rows were decided. */
export async function announceReadyTasks(services: Announcing & Pick<Services, 'hooksDue' | 'logger'>): Promise<void> {
  const { hooksDue, store, logger } = services;
  for (const due of await hooksDue.list()) {
    try {
      const record = await store.get(due.job);
      if (record !== null) await announceHooks(record, services);
      await hooksDue.told(due);
    } catch (err) {
      logger.error({ err, job: due.job.id }, 'could not announce that tasks are ready');
      await hooksDue.goLast(due);
    }
  }
}

/** Makes the deliveries that ready tasks of a job ask for, or the job itself if it has ended. Every step can be repeated. */
export async function announceHooks(record: JobRecord, services: Announcing): Promise<void> {
  const { deliveries } = services;
  const { description, finishedAt } = record;
  if (description.tasks?.kind !== 'standard' && description.hooks === undefined) return;
  const job = refOf(description);
  const known = await deliveries.idsOf(job);
  const isNew = ({ id }: TaskHook) => !known.has(id);
  const tasks = [...(await numberedTasks(record, services))];
  const asking = tasks.filter((task) => hooksOfTasks(record, new Map([task])).some(isNew));
  const ready = await decidedInRun(record, new Map(asking), services);
  const hooks = [...hooksOfTasks(record, ready), ...(finishedAt === null ? [] : hooksOfJob(record))];
  for (const { about, ...hook } of hooks.filter(isNew)) {
    await deliveries.record({ ...hook, at: { tenant: job.tenant, place: NO_EVENT }, job: job.id, body: about });
  }
}

/** A task's end is no event of its own. */
const NO_EVENT = '0-0';

/** What a delivery sends. */
export interface Message extends Pick<WebhookMessage, 'body' | 'as'> {
  /** The task whose answer it is: one of `count` of its job. Once it is delivered, nobody need fetch the answer. */
  readonly task?: { readonly job: JobRef; readonly number: number; readonly count: number };
}

/** What a delivery sends. Null if its job, or the answer that was to be posted, is gone. */
export async function messageOf(
  { event, job, at, body }: Delivery & { readonly body: string },
  services: Reading,
): Promise<Message | null> {
  if (event === 'task.pingback') return { body: '', as: 'get' };
  if (event !== 'task.postback') return { body };
  const record = job === null ? null : await services.store.get({ tenant: at.tenant, id: job });
  const answer = record === null ? null : await postbackBody(record, body, services);
  if (record === null || answer === null) return null;
  const { description } = record;
  const { tasks } = description;
  const task = tasks && { job: refOf(description), number: Number(body), count: tasks.count };
  return { body: answer, as: 'gzip', ...(task !== undefined && { task }) };
}
