import { type EndpointName, endpointOf, type Nanos } from '@linkhaul/schemas';
import { CODES, type Envelope, envelopeOf, refusal, type Task, type TaskAnswer } from '@linkhaul/schemas/vendor';
import type { Hold } from './balance.js';
import type { AppContext, Deps } from './context.js';
import type { End } from './faults/befall.js';
import { newTaskId } from './functions.js';
import type { PastCall } from './past-calls.js';
import { type PriceSet, priceOf } from './price.js';
import { failed, type Outcome, runTask } from './run-task.js';
import { wait } from './wait.js';

export interface Call {
  readonly name: EndpointName;
  readonly task: Task;
  /** A call runs one task only, so each other one fails. */
  readonly others: readonly Task[];
  /** How its task ends, where a fault decides that. */
  readonly endAs?: End;
  /** On top of the latency that is set. */
  readonly delayMs?: number;
}

/** Runs a call to its end and charges it, whether or not anyone still waits for the answer. */
export async function execute(c: AppContext, deps: Deps, call: Call): Promise<Envelope> {
  const { balance, settings } = deps.state;
  const hold = balance.hold(leastPriceOf(call, settings.price));
  if (hold.refused === null) return runHeld(c, deps, { ...call, hold });
  // What is wrong with a task is said before what it would cost. So it is run, and what it finds is thrown away.
  const outcome = await outcomeOf(deps, call);
  if (outcome.nanos > 0) return refusal(hold.refused);
  return runHeld(c, deps, { ...call, endAs: async () => outcome, hold });
}

/** The answer to a task other than the one that was sent; it is not charged. */
export async function answerAnother(deps: Deps, { name, task }: Call): Promise<Envelope> {
  const host = targetsOf(task).includes('example.com') ? 'example.org' : 'example.com';
  const other: Call = { name, task: { ...aimOf(name, host), tag: 'another-task' }, others: [] };
  const id = newTaskId(name, new Date(deps.now()));
  return envelopeOf([taskAnswer(other, await outcomeOf(deps, other), id)], 0);
}

function aimOf(name: EndpointName, host: string): Task {
  const { kind } = endpointOf(name);
  if (kind === 'set') return { targets: { 1: host } };
  return kind === 'bulk' ? { targets: [host] } : { target: host };
}

/** What a task asks about, as far as it can be told before it is judged. */
export function targetsOf(task: Task): string[] {
  const given: unknown = task.targets ?? [task.target];
  const all: readonly unknown[] = typeof given === 'object' && given !== null ? Object.values(given) : [];
  return all.filter((one) => typeof one === 'string');
}

/** Of a bulk call it is the whole price: a row for each distinct target. */
function leastPriceOf({ name, task }: Call, set: PriceSet): Nanos {
  const endpoint = endpointOf(name);
  const rows = endpoint.kind === 'bulk' ? Math.min(new Set(targetsOf(task)).size, endpoint.maxTargets) : 1;
  return priceOf(rows, set);
}

async function runHeld(c: AppContext, deps: Deps, call: Call & { readonly hold: Hold }): Promise<Envelope> {
  const startedAt = performance.now();
  let nanos = 0;
  try {
    const ran = await settle(c, deps, call);
    const rejected = call.others.map((task) => turnDown(c, deps, { ...call, task }));
    // A call that was there before all was reset costs the present account nothing.
    if (deps.state.record.isOpen(c.get('request'))) nanos = ran.nanos;
    return envelopeOf([ran, ...rejected], performance.now() - startedAt);
  } finally {
    call.hold.end(`backlinks/${call.name}`, nanos);
  }
}

/** At the price that is set. */
async function outcomeOf({ graph, state, credentials, now }: Deps, call: Call): Promise<Outcome> {
  const { endAs } = call;
  const run = async () => {
    const account = { login: credentials.login, now: now(), tokensLastMs: state.settings.search_after_token_ms };
    const outcome = await graph.pinned((pinned) => runTask(pinned, call, account));
    return outcome.nanos === 0 ? outcome : { ...outcome, nanos: priceOf(outcome.items, state.settings.price) };
  };
  return endAs === undefined ? run() : endAs(run);
}

async function settle(c: AppContext, deps: Deps, call: Call): Promise<TaskAnswer> {
  const { state, stopping } = deps;
  const request = c.get('request');
  const startedAt = performance.now();
  const past = begin(c, deps, call);
  request.task_id = past.id;
  const waited = wait(state.latency() + (call.delayMs ?? 0), stopping);
  const [outcome] = await Promise.all([outcomeOf(deps, call), waited, state.gate.passed(stopping)]).catch(
    (error: unknown) => {
      state.calls.finish(past, failed(CODES.internal), 500);
      throw error;
    },
  );
  state.calls.finish(past, outcome);
  request.items = outcome.items;
  state.record.charge(request, outcome.nanos);
  return { ...taskAnswer(call, outcome, past.id), tookMs: performance.now() - startedAt };
}

function turnDown(c: AppContext, deps: Deps, call: Call): TaskAnswer {
  const outcome = failed(CODES.oneTask);
  const past = begin(c, deps, call);
  deps.state.calls.finish(past, outcome);
  return taskAnswer(call, outcome, past.id);
}

function begin(c: AppContext, { state, now }: Deps, { name, task }: Call): PastCall {
  return state.calls.begin({ id: newTaskId(name, new Date(now())), url: c.req.url, name, task });
}

function taskAnswer({ name, task }: Call, outcome: Outcome, id: string): TaskAnswer {
  return {
    ...outcome,
    id,
    tookMs: 0,
    path: ['v3', 'backlinks', name, 'live'],
    data: { api: 'backlinks', function: name, ...task },
  };
}
