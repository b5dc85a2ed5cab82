import { setTimeout as sleep } from 'node:timers/promises';
import { type EndpointName, endpointOf } from '@linkhaul/schemas';
import { CODES } from './codes.js';
import type { AppContext, Deps } from './context.js';
import { type Envelope, envelopeOf, refusal, type TaskAnswer } from './envelope.js';
import { newTaskId } from './functions.js';
import type { Task } from './posted.js';
import { priceOf } from './price.js';
import { failed, type Outcome, runTask } from './run-task.js';

export interface Call {
  readonly name: EndpointName;
  readonly task: Task;
  /** A call runs one task only, so each other one fails. */
  readonly others: readonly Task[];
  /** How its task ends, where a fault decides that. */
  readonly endAs?: Outcome;
}

/** Runs a call to its end and charges it, whether or not anyone still waits for the answer. */
export async function execute(c: AppContext, deps: Deps, call: Call): Promise<Envelope> {
  const { balance } = deps.state;
  const least = priceOf(targetsOf(call.task).length, deps.state.settings.price);
  const refused = balance.hold(least);
  if (refused !== null) return refusal(refused);
  const startedAt = performance.now();
  let nanos = 0;
  try {
    const ran = await settle(c, deps, call);
    nanos = ran.nanos;
    const rejected = call.others.map((task) => taskAnswer(deps, { ...call, task }, failed(CODES.oneTask)));
    return envelopeOf([ran, ...rejected], performance.now() - startedAt);
  } finally {
    balance.charge(`backlinks/${call.name}`, least, nanos);
  }
}

/** The answer to a task other than the one that was sent; it is not charged. */
export async function answerAnother(deps: Deps, { name, task }: Call): Promise<Envelope> {
  const host = targetsOf(task).includes('example.com') ? 'example.org' : 'example.com';
  const aim = endpointOf(name).kind === 'bulk' ? { targets: [host] } : { target: host };
  const other: Call = { name, task: { ...aim, tag: 'another-task' }, others: [] };
  return envelopeOf([taskAnswer(deps, other, await outcomeOf(deps, other))], 0);
}

/** What a task asks about, as far as it can be told before it is judged. */
export function targetsOf(task: Task): string[] {
  const given: unknown = task.targets ?? [task.target];
  return Array.isArray(given) ? given.filter((one) => typeof one === 'string') : [];
}

/** At the price that is set. */
async function outcomeOf({ graph, state }: Deps, { name, task, endAs }: Call): Promise<Outcome> {
  if (endAs !== undefined) return endAs;
  const outcome = await runTask(graph, name, task);
  return outcome.nanos === 0 ? outcome : { ...outcome, nanos: priceOf(outcome.items, state.settings.price) };
}

async function settle(c: AppContext, deps: Deps, call: Call): Promise<TaskAnswer> {
  const { state } = deps;
  const request = c.get('request');
  const startedAt = performance.now();
  const id = newTaskId(call.name, new Date(deps.now()));
  request.task_id = id;
  const past = state.calls.begin({ id, url: c.req.url, name: call.name, task: call.task });
  const [outcome] = await Promise.all([outcomeOf(deps, call), wait(state.latency(), deps.stopping)]);
  state.calls.finish(past, outcome);
  request.items = outcome.items;
  state.record.charge(request, outcome.nanos);
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
async function wait(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms === 0 || stopping.aborted) return;
  await sleep(ms, undefined, { signal: stopping }).catch(() => {});
}
