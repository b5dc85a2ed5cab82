import { placeOfTask, taskId } from '@linkhaul/jobs';
import { readTaskState, taskAnswer } from '@linkhaul/results';
import type { EndpointName } from '@linkhaul/schemas';
import { CODES, type TaskAnswer } from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import type { AppEnv, Services } from '../services.js';
import { answerTasks, resultless, saying } from './send.js';

/** `GET /v3/backlinks/<name>/task_get/<id>`: the answer to a task, Standard or live. */
export function taskGet(name: EndpointName | null, services: Services): (c: Context<AppEnv>) => Promise<Response> {
  return async (c) => {
    const startedAt = performance.now();
    return answerTasks(c, [await answerOf(c, name, services)], startedAt);
  };
}

async function answerOf(c: Context<AppEnv>, name: EndpointName | null, services: Services): Promise<TaskAnswer> {
  const id = c.req.param('id') ?? '';
  const path = ['backlinks', ...(name === null ? [] : [name]), 'task_get', id];
  const refuse = (code: number) => resultless({ id, path }, saying(code));
  const place = placeOfTask(id);
  if (place === null) return refuse(CODES.noTask);
  const job = { tenant: c.get('tenant'), id: place.job };
  const record = await services.store.get(job);
  const tasks = record?.description.tasks;
  if (record === null || tasks === undefined) return refuse(CODES.noTask);
  if (name !== null && record.description.endpoint !== name) return refuse(CODES.otherFunction);
  const state = await readTaskState(record, place.number, services);
  if (state === null) return refuse(CODES.noTask);
  const { result, posted } = state;
  if (result === null)
    return resultless({ id: taskId(job.id, place.number), path }, saying(CODES.inQueue), posted.data);
  if (tasks.kind === 'standard') {
    await services.taskIndex.collect(job, { number: place.number, count: tasks.count });
  }
  return taskAnswer(record, { ...state, result });
}
