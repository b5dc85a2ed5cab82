import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndpointName } from '@linkhaul/schemas';
import { nanosOf, usdOf } from '@linkhaul/schemas';
import { CODES } from '../codes.js';
import type { AppContext, Deps } from '../context.js';
import { envelopeOf, refusal, type TaskAnswer } from '../envelope.js';
import type { Fault } from '../faults.js';
import { newTaskId } from '../functions.js';
import { readPosted, type Task } from '../posted.js';
import { CALL_NANOS } from '../price.js';
import { failed, type Outcome, runTask } from '../run-task.js';
import { send } from '../send.js';

/** `POST /v3/backlinks/<name>/live`: runs the first task; a call runs one task only, so each other one fails. */
export function live(deps: Deps, name: EndpointName): (c: AppContext) => Promise<Response> {
  return async (c) => {
    const fault = deps.state.faults.take(name);
    if (fault?.kind === 'reset_before') return dropConnection(c);
    if (fault?.kind === 'http') return withoutBody(c, fault.http_status);
    if (fault?.kind === 'status' && fault.level === 'envelope') return send(c, refusal(fault.code));

    const posted = await readPosted(c.req.raw);
    if (!posted.ok) return send(c, refusal(posted.code));
    if (nanosOf(deps.state.settings.balance_usd) < CALL_NANOS) return send(c, refusal(CODES.funds));
    const [task, ...others] = posted.tasks;
    const startedAt = performance.now();
    const ran = await execute(c, deps, { name, task, fault });

    if (fault?.kind === 'reset_after') return dropConnection(c);
    if (fault?.kind === 'hang') return untilClientLeaves(c);
    const rejected = others.map((other) => taskAnswer(deps, { name, task: other }, failed(CODES.oneTask)));
    return send(c, envelopeOf([ran, ...rejected], performance.now() - startedAt));
  };
}

interface Call {
  readonly name: EndpointName;
  readonly task: Task;
  readonly fault?: Fault | null;
}

/** Runs a task to its end and charges it, whether or not anyone still waits for the answer. */
async function execute(c: AppContext, deps: Deps, call: Call): Promise<TaskAnswer> {
  const { state } = deps;
  const request = c.get('request');
  request.tag = typeof call.task.tag === 'string' ? call.task.tag : null;
  const startedAt = performance.now();
  const id = newTaskId(call.name, new Date(deps.now()));
  const past = state.calls.begin(id, c.req.url, call.task);
  const [outcome] = await Promise.all([
    call.fault?.kind === 'status' ? failed(call.fault.code) : runTask(deps.graph, call.name, call.task),
    latency(state.settings.latency_ms, deps.stopping),
  ]);
  state.calls.finish(past, outcome.code, outcome.nanos);
  state.record.charge(request, outcome.nanos);
  state.settings.balance_usd = usdOf(Math.max(0, nanosOf(state.settings.balance_usd) - outcome.nanos));
  return { ...taskAnswer(deps, call, outcome), id, tookMs: performance.now() - startedAt };
}

function taskAnswer(deps: Deps, { name, task }: Call, outcome: Outcome): TaskAnswer {
  return {
    ...outcome,
    id: newTaskId(name, new Date(deps.now())),
    tookMs: 0,
    path: ['v3', 'backlinks', name, 'live'],
    data: { api: 'backlinks', function: name, ...task },
  };
}

/** A process that stops does not wait it out: the answer goes at once. */
async function latency(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms === 0 || stopping.aborted) return;
  await sleep(ms, undefined, { signal: stopping }).catch(() => {});
}

function withoutBody(c: AppContext, httpStatus: number): Response {
  c.get('request').http_status = httpStatus;
  return new Response(null, { status: httpStatus });
}

function dropConnection(c: AppContext): Response {
  c.env.incoming?.socket.destroy();
  return new Response(null, { status: 500 });
}

async function untilClientLeaves(c: AppContext): Promise<Response> {
  const outgoing = c.env.outgoing;
  if (outgoing && !outgoing.closed) await once(outgoing, 'close');
  return dropConnection(c);
}
