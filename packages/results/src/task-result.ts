import { type JobRecord, refOf, settledAnswers } from '@linkhaul/jobs';
import {
  type Endpoint,
  endpointOf,
  type JsonObject,
  jsonOf,
  type Nanos,
  numberOf,
  objectsOf,
  type Row,
  type RowErrorCode,
  readEnvelope,
  resultsAreItems,
} from '@linkhaul/schemas';
import { CODES, messageOf, withLast } from '@linkhaul/schemas/vendor';
import { type Answer, MISSING_TARGET, type PlanShape, type PostedTask, readRows, runsOf } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { elementTexts } from './elements.js';
import { openOutcome } from './lines.js';
import { planReader } from './plan.js';
import { rawResult } from './raw-items.js';
import { resultHead } from './result-head.js';
import { rowsOfRoots } from './rows.js';
import { type DecidingAnswer, taskFailure } from './task-failure.js';
import { taskShares } from './task-shares.js';

/** How a task in the vendor's form has ended. */
export interface TaskResult {
  readonly code: number;
  readonly message: string;
  readonly nanos: Nanos;
  readonly resultCount: number;
  /** The JSON text of `result`. It is the upstream's own text if one answer is all of it. */
  readonly result: string | null;
  readonly items: number;
}

type Lines = Pick<PostedTask, 'firstLine' | 'rows'>;

/** The result of a task. Null while one of its rows is pending. */
export async function readTaskResult(job: JobRecord, task: Lines, reading: Reading): Promise<TaskResult | null> {
  const isOwn = (line: number) => line >= task.firstLine && line < task.firstLine + task.rows;
  const groups =
    job.plan === null ? [await unplannedRows(job, reading)] : await plannedRows(job, job.plan, { reading, isOwn });
  const rows = groups.flat();
  const own = rows.filter(({ line }) => isOwn(line));
  if (own.length < task.rows) return null;
  // Until all rows of a shared call are decided, nobody knows how its cost is divided.
  if (rows.some(({ status }) => status === 'pending')) return null;
  const answers = await answersOf(job, rows, reading);
  const shares = groups.flatMap((group) => [...taskShares(group, answers)]);
  const nanos = shares.reduce((sum, [line, share]) => sum + (isOwn(line) ? share : 0), 0);
  const answered = own.filter(({ status }) => status === 'ok' || status === 'empty');
  if (answered.length === 0) return { ...taskFailure(own, answers), nanos, resultCount: 0, result: null, items: 0 };
  const calls = new Set(answered.map(({ call }) => call));
  const came = answers.filter(({ call }) => calls.has(call));
  const [only, ...others] = came;
  const isWhole = only?.targets.every((target) => target.rows.some(({ line }) => isOwn(line))) === true;
  const isBought = only?.answer.header.copied === undefined;
  const found = isWhole && isBought && others.length === 0 ? await wholeResult(only.answer) : null;
  const result = found ?? (await joinedResult(job, came, isOwn));
  return { ...result, ...(own.some(isLost) && PARTIAL), nanos };
}

const PARTIAL = { code: CODES.partial, message: messageOf(CODES.partial) };
/** Errors for which a target may be missing in a result without a word, as it is in the upstream's. */
const LEFT_OUT: readonly (RowErrorCode | undefined)[] = ['upstream_rejected', 'missing_in_answer'];

/** Whether the row might have had an item, if its call had been answered. */
function isLost({ status, error }: Pick<Row, 'status' | 'error'>): boolean {
  return (status === 'failed' || status === 'skipped') && !LEFT_OUT.includes(error?.code);
}

async function unplannedRows(job: JobRecord, { storage }: Reading): Promise<Pick<Row, OfRow>[]> {
  const ref = refOf(job.description);
  const parts = Array.from({ length: job.description.rowParts }, (_, part) => readRows(storage, ref, part));
  const left = { error: null, cost_usd: 0, call: null, duplicate_of: null, ...openOutcome(job, false) };
  return (await Promise.all(parts)).flat().map(({ line }) => ({ ...left, line }));
}

type OfRow = 'line' | 'status' | 'error' | 'cost_usd' | 'call' | 'duplicate_of';

/** The rows of all root calls that hold own rows, by root call, because the cost of a call is divided among all its rows. */
async function plannedRows(
  job: JobRecord,
  plan: PlanShape,
  { reading, isOwn }: { reading: Reading; isOwn: (line: number) => boolean },
): Promise<Pick<Row, OfRow>[][]> {
  const targetsOf = planReader(job, plan, reading);
  const rowsOf = await rowsOfRoots(job, plan, reading);
  const groups: Row[][] = [];
  for (const { base, roots } of runsOf(plan)) {
    const last = Math.min(base + roots, job.storedRoots ?? base + roots);
    for (let root = base + 1; root <= last; root++) {
      const targets = await targetsOf(root);
      if (!targets.some((target) => target.rows.some(({ line }) => isOwn(line)))) continue;
      groups.push(await rowsOf(root));
    }
  }
  return groups;
}

async function answersOf(job: JobRecord, rows: readonly Pick<Row, 'call'>[], reading: Reading) {
  const { plan } = job;
  const found: DecidingAnswer[] = [];
  if (plan === null) return found;
  const ref = refOf(job.description);
  const settled = await reading.calls.settled(ref, plan.later);
  const answers = settledAnswers({ job: ref, plan, settled, targetsOf: planReader(job, plan, reading) }, reading);
  for (const call of new Set(rows.map((row) => row.call))) {
    // Of rows that were skipped, the call was never sent.
    const answer = call !== null && settled.isSettled(call) ? await answers.of(call) : null;
    if (call !== null && answer !== null) found.push({ call, answer, targets: await answers.targetsOf(call) });
  }
  return found;
}

/** The result of one answer, byte for byte. */
async function wholeResult({ header, body }: Answer): Promise<Omit<TaskResult, 'nanos'> | null> {
  const bytes = await body();
  const task = readEnvelope(jsonOf(bytes.toString('utf8')))?.tasks[header.task ?? 0];
  if (task === undefined) return null;
  const { result, result_count } = task.json;
  const results = objectsOf(result);
  const counts = results.map(({ items_count }) => numberOf(items_count) ?? 1);
  return {
    code: task.code ?? CODES.ok,
    message: task.message,
    resultCount: numberOf(result_count) ?? results.length,
    result: rawResult(bytes, header.task ?? 0) ?? JSON.stringify(result ?? null),
    items: counts.reduce((sum, count) => sum + count, 0),
  };
}

/** The items of the task's own targets, each byte for byte, under the head of the first answer that has one. */
async function joinedResult(
  job: JobRecord,
  answers: readonly DecidingAnswer[],
  isOwn: (line: number) => boolean,
): Promise<Omit<TaskResult, 'nanos'>> {
  const endpoint = endpointOf(job.description.endpoint);
  const items: string[] = [];
  let head: JsonObject | null = null;
  for (const answer of answers) {
    head ??= await resultHead(answer.answer);
    items.push(...(await ownItems(answer, endpoint, isOwn)));
  }
  const ok = { code: CODES.ok, message: messageOf(CODES.ok), items: items.length };
  if (items.length === 0) return { ...ok, resultCount: 0, result: null };
  if (resultsAreItems(endpoint)) return { ...ok, resultCount: items.length, result: `[${items.join(',')}]` };
  // In a list's answer, total_count is the length of the list; in a bulk answer, the number of targets, those of other tasks too.
  const isTotalOfCall = endpoint.kind === 'bulk' && head?.total_count !== undefined;
  const counted = { ...head, ...(isTotalOfCall && { total_count: items.length }), items_count: items.length };
  return { ...ok, resultCount: 1, result: `[${withLast(counted, 'items', `[${items.join(',')}]`)}]` };
}

async function ownItems(
  { answer, targets }: DecidingAnswer,
  endpoint: Endpoint,
  isOwn: (line: number) => boolean,
): Promise<string[]> {
  const { outcome } = answer.header;
  const elements = (await elementTexts({ answer, endpoint })).map((text) => text && utf8(text));
  if (outcome.kind === 'list') return elements.filter((text) => text !== null).slice(0, outcome.items);
  if (outcome.kind !== 'bulk') return [];
  return targets.flatMap((target, position) => {
    const item = elements[outcome.items[position] ?? MISSING_TARGET] ?? null;
    return item !== null && target.rows.some(({ line }) => isOwn(line)) ? [item] : [];
  });
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
