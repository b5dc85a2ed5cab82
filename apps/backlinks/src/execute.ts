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
  /** Further tasks of the request. A call runs only one task, so these fail. */
  readonly others: readonly Task[];
  /** Decides how the task ends, if a fault does. */
  readonly endAs?: End;
  /** Added to the latency in the settings. */
  readonly delayMs?: number;
}

/** Runs a call to its end and charges it, even if nobody waits for the answer any more. */
export async function execute(c: AppContext, deps: Deps, call: Call): Promise<Envelope> {
  const { balance, settings } = deps.state;
  const hold = balance.hold(leastPriceOf(call, settings.price));
  if (hold.refused === null) return runHeld(c, deps, { ...call, hold });
  // A task's own fault is reported before a lack of money. So the task is run, but a result is thrown away.
  const outcome = await outcomeOf(deps, call);
  if (outcome.nanos > 0) return refusal(hold.refused);
  return runHeld(c, deps, { ...call, endAs: async () => outcome, hold });
}

/** The answer to a task other than the one that was sent. It is not charged. */
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

/** The targets of a task, as far as they can be read before the task is checked. */
export function targetsOf(task: Task): string[] {
  const given: unknown = task.targets ?? [task.target];
  const all: readonly unknown[] = typeof given === 'object' && given !== null ? Object.values(given) : [];
  return all.filter((one) => typeof one === 'string');
}

/** The least that a call can cost. For a bulk call this is the whole price: one row per distinct target. */
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
    // A call that began before a reset costs the present account nothing.
    if (deps.state.record.isOpen(c.get('request'))) nanos = ran.nanos;
    return envelopeOf([ran, ...rejected], performance.now() - startedAt);
  } finally {
    call.hold.end(`backlinks/${call.name}`, nanos);
  }
}

/** The outcome of a call, at the price in the settings. */
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
