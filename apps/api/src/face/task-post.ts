import { taskId } from '@linkhaul/jobs';
import { ENDPOINTS, type EndpointName } from '@linkhaul/schemas';
import { CODES, MAX_TASKS, refusal, type TaskAnswer } from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import { requireKey } from '../middleware/end-with-key.js';
import type { AppEnv, Services } from '../services.js';
import { requireReady } from '../submit/upload.js';
import { acceptTasks, newTaskJob } from './accept-tasks.js';
import { judgeHooks, withoutHooks } from './hooks.js';
import { type JudgedTask, taskJudge } from './judge-task.js';
import { readTasks } from './read-tasks.js';
import { answerTasks, resultless, saying, send } from './send.js';

/** Every task after the hundredth is refused by itself, as long as a request has at most this number of tasks. */
const MOST_READ = 1000;

/** A task and its place in the body. */
interface Placed {
  readonly at: number;
  readonly task: JudgedTask;
}

/** `POST /v3/backlinks/<name>/task_post`: tasks that differ only in their targets become the rows of one job. */
export function taskPost(name: EndpointName, services: Services): (c: Context<AppEnv>) => Promise<Response> {
  const judge = taskJudge(ENDPOINTS[name]);
  const path = ['backlinks', name, 'task_post'];
  return async (c) => {
    const startedAt = performance.now();
    const { posted } = await readTasks(c, services, MOST_READ);
    if (!posted.ok) return send(c, refusal(posted.code));
    await requireReady(services);
    requireKey(c);
    const answers: TaskAnswer[] = [];
    const alike = new Map<string, [Placed, ...Placed[]]>();
    for (const [at, task] of posted.tasks.entries()) {
      const wrong = at < MAX_TASKS ? judgeHooks(task) : saying(CODES.tooManyTasks);
      const verdict = wrong === null ? judge(withoutHooks(task)) : { ok: false as const, refusal: wrong };
      if (verdict.ok) join(alike, { at, task: { ...verdict.task, posted: task } });
      else answers[at] = resultless({ id: await newId(c, services), path }, verdict.refusal, task);
    }
    for (const group of alike.values()) {
      const ids = await acceptGroup(c, { name, group }, services);
      group.forEach(({ at, task }, number) => {
        const id = ids === null ? '' : taskId(ids, number);
        answers[at] = resultless({ id, path }, saying(ids === null ? CODES.internal : CODES.created), task.posted);
      });
    }
    // An acknowledged task must outlive the Redis server that accepted it.
    await services.replicas.reached();
    return answerTasks(c, answers, startedAt);
  };
}

async function newId(c: Context<AppEnv>, services: Services): Promise<string> {
  return taskId((await newTaskJob(c.get('tenant'), services)).id);
}

/** Tasks may share a job if all their fields but the targets are the same. */
function join(alike: Map<string, [Placed, ...Placed[]]>, placed: Placed): void {
  const { params, limit, begin } = placed.task;
  const sorted = Object.entries(params).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const key = JSON.stringify([sorted, limit, begin]);
  const group = alike.get(key);
  if (group === undefined) alike.set(key, [placed]);
  else group.push(placed);
}

interface Group {
  readonly name: EndpointName;
  readonly group: readonly [Placed, ...Placed[]];
}

/** The id of the job; null if accepting it failed, though other tasks of the same request may have been accepted. */
async function acceptGroup(c: Context<AppEnv>, { name, group }: Group, services: Services): Promise<string | null> {
  const [first, ...others] = group;
  const job = await newTaskJob(c.get('tenant'), services);
  const tasks = [first.task, ...others.map(({ task }) => task)] as const;
  try {
    await acceptTasks(job, { name, kind: 'standard', tasks, by: c.get('by') }, services);
    return job.id;
  } catch (err) {
    services.logger.error({ err, job: job.id }, 'tasks could not be accepted');
    return null;
  }
}
