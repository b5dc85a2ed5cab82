import type { Nanos } from '@linkhaul/schemas';
import { CODES, type Envelope, messageOf, refusal } from '@linkhaul/schemas/vendor';
import type { AppContext, Deps } from '../context.js';
import { priceOf } from '../price.js';
import { failed, type Outcome } from '../run-task.js';
import { encode, noteAnswer, send } from '../send.js';
import { dropConnection, sendHalf, sendSlowly, untilClientLeaves } from '../wire.js';
import type { Fault } from './fault.js';

/** A call that a fault applies to, and the ways in which it can end. */
export interface Befallen {
  readonly fault: Fault;
  /** Runs the call to its end, charges it and returns its answer, after an extra delay. */
  run(delayMs?: number): Promise<Envelope>;
  /** Like `run`, but `end` decides the outcome of the task. */
  endAs(end: End): Promise<Envelope>;
  /** Returns the answer of another task. */
  another(): Promise<Envelope>;
  /** Sends an answer in the usual way. */
  reply(envelope: Envelope): Promise<Response>;
}

/** Decides how a task ends. It may run the task for that. */
export type End = (run: () => Promise<Outcome>) => Promise<Outcome>;

const HTML = '<html><head><title>Simulated</title></head><body><h1>A page, not an answer.</h1></body></html>';

/** Answers a call as its fault demands. */
export async function befall(c: AppContext, deps: Deps, call: Befallen): Promise<Response> {
  const { fault } = call;
  c.get('request').fault = fault.kind;
  switch (fault.kind) {
    case 'status':
      return send(c, fault.level === 'task' ? await call.endAs(failing(fault)) : await without(call, fault));
    case 'http':
      return answerHttp(c, call, fault);
    case 'empty_tasks':
      return send(c, { ...(await without(call, { ...fault, code: CODES.ok })), tasks: [] });
    case 'null_tasks':
      return send(c, await without(call, { ...fault, code: CODES.ok }));
    case 'null_result':
      return send(c, await call.endAs(emptyHanded(deps)));
    case 'not_json':
      return answerHttp(c, call, { ...fault, http_status: 200, body: 'html' });
    case 'delay':
      return call.reply(await call.run(fault.delay_ms));
    case 'reset_before':
      return dropConnection(c);
    default:
      return answerBadly(c, deps, { ...call, fault });
  }
}

type RunsFirst = 'reset_after' | 'truncated' | 'truncated_gzip' | 'slow_body' | 'hang' | 'wrong_task';

/** Runs and charges the call. Then its answer is spoiled or withheld. */
async function answerBadly(
  c: AppContext,
  deps: Deps,
  call: Befallen & { readonly fault: Extract<Fault, { kind: RunsFirst }> },
): Promise<Response> {
  const envelope = await call.run();
  // The call was refused for lack of money, so there is no answer to spoil.
  if (envelope.tasks === null) return call.reply(envelope);
  const { fault } = call;
  if (fault.kind === 'reset_after') return dropConnection(c);
  if (fault.kind === 'hang') return untilClientLeaves(c, deps.stopping);
  if (fault.kind === 'wrong_task') return send(c, costing(await call.another(), envelope.nanos));
  noteAnswer(c, envelope, 200);
  const answer = await encode(c, envelope, fault.kind === 'truncated_gzip' ? 'gzip' : 'accepted');
  if (fault.kind === 'truncated') return sendHalf(c, answer);
  if (fault.kind === 'slow_body') {
    return sendSlowly(c, answer, { durationMs: fault.duration_ms, stopping: deps.stopping });
  }
  return c.body(answer.bytes.slice(0, answer.bytes.length >> 1), 200, answer.headers);
}

/** An envelope without tasks. If the call was charged, the envelope has its cost, because nothing else would tell it. */
async function without(call: Befallen, says: { code: number; message?: string | undefined; charged: boolean }) {
  const nanos = says.charged ? (await call.run()).nanos : 0;
  return { ...refusal(says.code), message: says.message ?? messageOf(says.code), nanos };
}

interface HttpAnswer {
  readonly http_status: number;
  readonly body: 'none' | 'envelope' | 'html';
  readonly retry_after_s?: number | undefined;
  readonly charged: boolean;
}

async function answerHttp(c: AppContext, call: Befallen, fault: HttpAnswer): Promise<Response> {
  const status = fault.http_status;
  const headers = new Headers(fault.retry_after_s === undefined ? {} : { 'Retry-After': String(fault.retry_after_s) });
  const envelope = await without(call, { code: CODES.ok, charged: fault.charged });
  c.get('request').http_status = status;
  if (fault.body === 'none') return new Response(null, { status, headers });
  if (fault.body === 'html') {
    headers.set('Content-Type', 'text/html; charset=utf-8');
    return new Response(HTML, { status, headers });
  }
  noteAnswer(c, envelope, status);
  const answer = await encode(c, envelope);
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, value);
  return new Response(answer.bytes, { status, headers });
}

/** The answer of another task, with the price of the call's own task. */
function costing(envelope: Envelope, nanos: Nanos): Envelope {
  return { ...envelope, nanos, tasks: envelope.tasks?.map((task) => ({ ...task, nanos })) ?? null };
}

/** Makes the task fail with a code. If it is charged, it costs what it would have cost; a malformed task costs nothing. */
function failing(fault: Extract<Fault, { kind: 'status' }>): End {
  const failure = { ...failed(fault.code), message: fault.message ?? messageOf(fault.code) };
  return async (run) => {
    if (!fault.charged) return failure;
    const { nanos, items } = await run();
    return { ...failure, nanos, items };
  };
}

function emptyHanded(deps: Deps): End {
  return async (run) => {
    const ran = await run();
    if (ran.code !== CODES.ok) return ran;
    return { ...failed(CODES.ok), nanos: priceOf(0, deps.state.settings.price) };
  };
}
