import { taskId } from '@linkhaul/jobs';
import { decidedTasks } from '@linkhaul/results';
import { type EndpointName, upstreamTimestamp } from '@linkhaul/schemas';
import type { PostedTask } from '@linkhaul/storage';
import type { Services } from '../services.js';

const MOST_LISTED = 1_000;
const LISTED_FOR_MS = 3 * 86_400_000;

/** The tenant's Standard tasks of the last three days whose answers nobody has collected, oldest first. */
export async function tasksReady(tenant: string, name: EndpointName | null, services: Services): Promise<object[]> {
  const { taskIndex, store, calls } = services;
  const listed: object[] = [];
  for (const id of await taskIndex.uncollected(tenant, (await calls.now()) - LISTED_FOR_MS)) {
    const record = await store.get({ tenant, id });
    if (record === null) continue;
    const { endpoint, createdAt } = record.description;
    if (name !== null && endpoint !== name) continue;
    const posted = upstreamTimestamp(new Date(createdAt));
    const collected = await taskIndex.collected({ tenant, id });
    for (const [number, task] of await decidedTasks(record, services)) {
      if (!collected.has(number)) listed.push(entryOf(taskId(id, number), { endpoint, posted, task }));
    }
    if (listed.length >= MOST_LISTED) break;
  }
  return listed.slice(0, MOST_LISTED);
}

interface Entry {
  readonly endpoint: EndpointName;
  readonly posted: string;
  readonly task: PostedTask;
}

function entryOf(id: string, { endpoint, posted, task }: Entry): object {
  return {
    id,
    date_posted: posted,
    tag: task.data.tag ?? null,
    endpoint: `/v3/backlinks/${endpoint}/task_get/${id}`,
  };
}
