import type { WebhookMessage } from '@linkhaul/client';
import type { Delivery, EventPlace, StoredEvent } from '@linkhaul/jobs';
import { hooksOf, postbackBody } from '@linkhaul/results';
import { readTasks } from '@linkhaul/storage';
import type { Services } from '../services.js';

/** Makes the deliveries that a finished job, or its Standard tasks, ask for. Every step can be repeated. */
export async function announceHooks(
  event: StoredEvent,
  at: EventPlace,
  { deliveries, storage }: Pick<Services, 'deliveries' | 'storage'>,
): Promise<void> {
  if (!('job' in event)) return;
  const { id: job, tasks: ofJob, hooks } = event.job.description;
  if (ofJob?.kind !== 'standard' && hooks === undefined) return;
  const tasks = ofJob === undefined ? [] : await readTasks(storage, { tenant: at.tenant, id: job });
  for (const { about, ...hook } of hooksOf(event, tasks)) await deliveries.record({ ...hook, at, job, body: about });
}

/** A task that was posted back need not be fetched. A job's own postback is of no task. */
export async function noteDelivered(
  { event, job, at, body }: Delivery & { readonly body: string },
  { store, taskIndex }: Pick<Services, 'store' | 'taskIndex'>,
): Promise<void> {
  const number = Number(body);
  if (event !== 'task.postback' || job === null || !Number.isInteger(number)) return;
  const ref = { tenant: at.tenant, id: job };
  const count = (await store.get(ref))?.description.tasks?.count;
  if (count !== undefined) await taskIndex.collect(ref, { number, count });
}

type Reading = Pick<Services, 'store' | 'calls' | 'ledger' | 'queues' | 'storage'>;

/** What a delivery sends. Null if its job, or the answer that was to be posted, is gone. */
export async function messageOf(
  { event, job, at, body }: Delivery & { readonly body: string },
  services: Reading,
): Promise<Pick<WebhookMessage, 'body' | 'as'> | null> {
  if (event === 'task.pingback') return { body: '', as: 'get' };
  if (event !== 'task.postback') return { body };
  const record = job === null ? null : await services.store.get({ tenant: at.tenant, id: job });
  const answer = record === null ? null : await postbackBody(record, body, services);
  return answer === null ? null : { body: answer, as: 'gzip' };
}
