import { createHash } from 'node:crypto';
import { withDeadline } from '@linkhaul/client';
import { type LiveRequest, taskId } from '@linkhaul/jobs';
import type { TaskResult } from '@linkhaul/results';
import { ENDPOINTS, type EndpointName } from '@linkhaul/schemas';
import { CODES, LEAST_FAILURE, refusal, type TaskAnswer } from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import { endOf, requireKey } from '../middleware/end-with-key.js';
import type { AppEnv, Services } from '../services.js';
import { requireReady } from '../submit/upload.js';
import { acceptTasks, newTaskJob } from './accept-tasks.js';
import { awaitResult } from './await-result.js';
import { type JudgedTask, taskJudge } from './judge-task.js';
import { readTasks } from './read-tasks.js';
import { answerTasks, dataOf, resultless, saying, send } from './send.js';
import { withdraw } from './withdraw.js';

/** `POST /v3/backlinks/<name>/live`: makes a job of the one task, and waits for its answer. */
export function live(name: EndpointName, services: Services): (c: Context<AppEnv>) => Promise<Response> {
  const judge = taskJudge(ENDPOINTS[name]);
  const path = ['backlinks', name, 'live'];
  return async (c) => {
    const startedAt = performance.now();
    const { hash, posted } = await readLive(c, path, services);
    if (!posted.ok) return send(c, refusal(posted.code));
    const [task, ...others] = posted.tasks;
    const newId = async () => taskId((await newTaskJob(c.get('tenant'), services)).id);
    const verdict = judge(task);
    const answer = verdict.ok
      ? await answerLive(c, { name, path, hash, task: verdict.task }, services)
      : resultless({ id: await newId(), path }, verdict.refusal, task);
    const refused = others.map(async (other) => resultless({ id: await newId(), path }, saying(CODES.oneTask), other));
    const took = { ...answer, tookMs: performance.now() - startedAt };
    return answerTasks(c, [took, ...(await Promise.all(refused))], startedAt);
  };
}

/** Reads the request. Its text, which may be megabytes, is not kept while the request waits for its answer. */
async function readLive(c: Context<AppEnv>, path: readonly string[], services: Services) {
  const { text, posted } = await readTasks(c, services);
  const hash = createHash('sha256')
    .update(`${path.join('/')}\n${text}`)
    .digest('hex');
  return { hash, posted };
}

interface LiveTask {
  readonly name: EndpointName;
  readonly path: readonly string[];
  /** The hash of path and body: equal requests have equal hashes. */
  readonly hash: string;
  readonly task: JudgedTask;
}

/** Buys the answer, or joins an equal request that is buying it. One time limit covers both. */
async function answerLive(c: Context<AppEnv>, asked: LiveTask, services: Services): Promise<TaskAnswer> {
  await requireReady(services);
  const job = await newTaskJob(c.get('tenant'), services);
  const own = { tenant: job.tenant, hash: asked.hash, job: job.id };
  return withDeadline(services.env.timing.liveWaitMs, endOf(c), async (inTime) => {
    for (;;) {
      const owner = await services.liveRequests.claim(own);
      if (owner === job.id) return buy(c, own, { asked, inTime, services });
      const joined = { ...own, job: owner };
      const answer = await join(c, joined, { asked, inTime, services });
      if (answer !== null) return answer;
      // The joined request bought nothing.
      await services.liveRequests.end(joined);
    }
  });
}

interface Buying {
  readonly asked: LiveTask;
  /** Aborts when the time is up, or the client has left. */
  readonly inTime: AbortSignal;
  readonly services: Services;
}

async function buy(c: Context<AppEnv>, own: LiveRequest, { asked, inTime, services }: Buying): Promise<TaskAnswer> {
  const { liveRequests } = services;
  const { name, task } = asked;
  const job = { tenant: own.tenant, id: own.job };
  const by = c.get('by');
  try {
    requireKey(c);
    await acceptTasks(job, { name, kind: 'live', tasks: [task], by }, services);
  } catch (error) {
    await liveRequests.end(own);
    throw error;
  }
  const awaited = await awaitResult(job, inTime, services);
  if (awaited.kind === 'result') {
    if (!endOf(c).aborted) c.env.outgoing.once('finish', () => void liveRequests.end(own).catch(() => undefined));
    else await (isAnswer(awaited.result) ? liveRequests.keep(own) : liveRequests.end(own));
    return resultful(own.job, asked, awaited.result);
  }
  const isBought = await withdraw(job, by, services);
  await (isBought ? liveRequests.keep(own) : liveRequests.end(own));
  requireKey(c);
  const code = awaited.kind === 'paused' ? awaited.code : CODES.timeout;
  return resultless({ id: taskId(own.job), path: asked.path }, saying(code), task.posted);
}

/** The answer that another request bought, even a failure, at no cost. Null if that request was withdrawn before it was sent. */
async function join(c: Context<AppEnv>, { tenant, job }: LiveRequest, { asked, inTime, services }: Buying) {
  const awaited = await awaitResult({ tenant, id: job }, inTime, services);
  requireKey(c);
  if (awaited.kind === 'missing') return null;
  if (awaited.kind === 'result') {
    return awaited.withdrawn ? null : { ...resultful(job, asked, awaited.result), nanos: 0 };
  }
  const code = awaited.kind === 'paused' ? awaited.code : CODES.timeout;
  return resultless({ id: taskId(job), path: asked.path }, saying(code), asked.task.posted);
}

const NO_RESULTS = 40_102;

/** Whether the task has a whole result, or the vendor says that there are none. */
function isAnswer({ code }: TaskResult): boolean {
  return code < LEAST_FAILURE || code === NO_RESULTS;
}

function resultful(job: string, { path, task }: LiveTask, result: TaskResult): TaskAnswer {
  return { ...result, id: taskId(job), tookMs: 0, path: ['v3', ...path], data: dataOf(path, task.posted) };
}
