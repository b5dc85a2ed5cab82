import {
  type BulkEndpoint,
  ENDPOINTS,
  type EndpointName,
  type ListEndpoint,
  type Nanos,
  resultsAreItems,
  type SetEndpoint,
  type SingleEndpoint,
} from '@linkhaul/schemas';
import {
  CODES,
  invalidField,
  messageOf,
  type Refusal,
  refusedFor,
  type Task,
  taskSchemaOf,
  withLast,
  withoutNulls,
} from '@linkhaul/schemas/vendor';
import type { Answer, Answered } from './answers/answer.js';
import type { BulkAnswer } from './answers/bulk.js';
import { ANSWERS } from './answers/index.js';
import { answerSet, type Intersection } from './answers/intersection.js';
import type { Asked } from './answers/list-conditions.js';
import { answerList } from './answers/listing.js';
import { bulkTaskOf, listTaskOf, setTaskOf } from './answers/options.js';
import { type Account, type Target, targetOf } from './answers/target.js';
import type { Graph } from './graph/open.js';
import { QueryTimeout } from './graph/statements.js';
import { priceOf } from './price.js';

/** How a task ended. Only a task that was executed costs anything. */
export interface Outcome {
  readonly code: number;
  readonly message: string;
  readonly nanos: Nanos;
  readonly resultCount: number;
  /** The JSON text of `result`. */
  readonly result: string | null;
  readonly items: number;
}

type Run = (graph: Graph, task: Task, account: Account) => Promise<Outcome>;

/** Made once for each endpoint, because its schema takes longer to make than to use. */
const runs = new Map<EndpointName, Run>();

/** Judges a task by the vocabulary and runs it. What is wrong with it is an outcome, not an error. */
export async function runTask(
  graph: Graph,
  { name, task }: { name: EndpointName; task: Task },
  account: Account,
): Promise<Outcome> {
  if (!graph.answers(name)) return failed(CODES.notImplemented);
  try {
    return await runOf(name)(graph, withoutNulls(task), account);
  } catch (error) {
    if (error instanceof QueryTimeout) return failed(CODES.timeout);
    throw error;
  }
}

function runOf(name: EndpointName): Run {
  const known = runs.get(name);
  if (known) return known;
  const run = makeRun(ENDPOINTS[name]);
  runs.set(name, run);
  return run;
}

function makeRun(endpoint: (typeof ENDPOINTS)[EndpointName]): Run {
  switch (endpoint.kind) {
    case 'bulk':
      return bulk(endpoint, ANSWERS[endpoint.name]);
    case 'list': {
      const listing = ANSWERS[endpoint.name];
      return ofOneTarget(endpoint, (graph, asked) => answerList(graph, listing, asked));
    }
    case 'set':
      return ofSet(endpoint, ANSWERS[endpoint.name]);
    case 'single': {
      const { answer } = ANSWERS[endpoint.name];
      return ofOneTarget(endpoint, (graph, { call }) => answer(graph, call));
    }
  }
}

function bulk(endpoint: BulkEndpoint, { answer }: BulkAnswer): Run {
  const schema = taskSchemaOf(endpoint);
  return async (graph, task) => {
    const parsed = schema.safeParse(task);
    if (!parsed.success) return refused(refusedFor(parsed.error.issues));
    const { targets, options } = bulkTaskOf(parsed.data);
    const judged = judgeTargets(targets, endpoint);
    return judged === null
      ? failed(CODES.invalidField, 'targets')
      : found(await answer(graph, { targets: judged, options }));
  };
}

type AnswerOne = (graph: Graph, asked: Asked) => Promise<Answered>;

function ofOneTarget(endpoint: ListEndpoint | SingleEndpoint, answer: AnswerOne): Run {
  const schema = taskSchemaOf(endpoint);
  return async (graph, task, account) => {
    const parsed = schema.safeParse(task);
    if (!parsed.success) return refused(refusedFor(parsed.error.issues));
    const { target, options } = listTaskOf(parsed.data);
    const judged = targetOf(target, endpoint.acceptsPages);
    if (judged === null) return failed(CODES.invalidField, 'target');
    const answered = await answer(graph, { call: { target: judged, options }, account });
    if (answered.kind === 'invalid') return failed(CODES.invalidField, answered.field);
    return found(answered.kind === 'found' ? answered.answer : null, resultsAreItems(endpoint));
  };
}

function ofSet(endpoint: SetEndpoint, intersection: Intersection): Run {
  const schema = taskSchemaOf(endpoint);
  return async (graph, task, account) => {
    const parsed = schema.safeParse(task);
    if (!parsed.success) return refused(refusedFor(parsed.error.issues));
    const { targets: given, excluded: without, options } = setTaskOf(parsed.data);
    const targets = given.map(([number, text]) => [number, targetOf(text, endpoint.acceptsPages)] as const);
    const sound = targets.flatMap(([number, target]) => (target === null ? [] : [[number, target] as const]));
    if (sound.length < targets.length) return failed(CODES.invalidField, 'targets');
    const excluded = without.map((text) => targetOf(text, endpoint.acceptsPages)).filter((target) => target !== null);
    if (excluded.length < without.length) return failed(CODES.invalidField, 'exclude_targets');
    const call = { targets: new Map(sound), excluded, options };
    const answered = await answerSet(graph, intersection, { call, account });
    if (answered.kind === 'invalid') return failed(CODES.invalidField, answered.field);
    return found(answered.kind === 'found' ? answered.answer : null);
  };
}

/** A task that was not executed; `field` is the one that is named as wrong. */
export function failed(code: number, field?: string): Outcome {
  return refused(field === undefined ? { code, message: messageOf(code) } : invalidField(field));
}

export function refused({ code, message }: Refusal): Outcome {
  return { code, message, nanos: 0, resultCount: 0, result: null, items: 0 };
}

/** The distinct targets; null where one is malformed or they lie in too many registrable domains. */
function judgeTargets(given: readonly string[], endpoint: BulkEndpoint): Target[] | null {
  const targets = [...new Set(given)].map((text) => targetOf(text, endpoint.acceptsPages));
  const sound = targets.filter((target) => target !== null);
  if (sound.length < targets.length) return null;
  const domains = new Set(sound.map(({ domain }) => domain));
  return endpoint.maxDomains !== null && domains.size > endpoint.maxDomains ? null : sound;
}

function found(answer: Answer | null, isResult = false): Outcome {
  const done = { code: CODES.ok, message: messageOf(CODES.ok) };
  if (answer === null) return { ...done, nanos: priceOf(0), resultCount: 0, result: null, items: 0 };
  const { head, items, count, token } = answer;
  const listed = withLast({ ...head, items_count: count }, 'items', items === null ? 'null' : `[${items}]`);
  const goesOn = token === undefined ? '' : `,"search_after_token":${JSON.stringify(token)}`;
  const result = isResult ? items : `${listed.slice(0, -1)}${goesOn}}`;
  return { ...done, nanos: priceOf(count), resultCount: 1, result: `[${result}]`, items: count };
}
