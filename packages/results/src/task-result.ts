import { type JobRecord, refOf } from '@linkhaul/jobs';
import {
  endpointOf,
  isObject,
  itemsOf,
  jsonOf,
  type Nanos,
  numberOf,
  objectsOf,
  type Row,
  readEnvelope,
  resultsAreItems,
} from '@linkhaul/schemas';
import { CODES, messageOf, withLast } from '@linkhaul/schemas/vendor';
import { type Answer, type PlanShape, type PostedTask, readRows, runsOf } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { FIRST_CALL } from './cursor.js';
import { openOutcome } from './lines.js';
import { planReader } from './plan.js';
import { rawItems, rawResult } from './raw-items.js';
import { rowsOfRoots } from './rows.js';
import { type DecidingAnswer, taskFailure } from './task-failure.js';
import { taskShares } from './task-shares.js';
import { walkSettled } from './walk.js';

/** How a task in the vendor's form has ended. */
export interface TaskResult {
  readonly code: number;
  readonly message: string;
  readonly nanos: Nanos;
  readonly resultCount: number;
  /** The JSON text of `result`: the upstream's own, wherever one answer is all of it. */
  readonly result: string | null;
  readonly items: number;
}

type Lines = Pick<PostedTask, 'firstLine' | 'rows'>;

/** The result of a task; null while a row of it is pending. */
export async function readTaskResult(job: JobRecord, task: Lines, reading: Reading): Promise<TaskResult | null> {
  const isOwn = (line: number) => line >= task.firstLine && line < task.firstLine + task.rows;
  const groups =
    job.plan === null ? [await unplannedRows(job, reading)] : await plannedRows(job, job.plan, { reading, isOwn });
  const rows = groups.flat();
  const own = rows.filter(({ line }) => isOwn(line));
  if (own.length < task.rows || own.some(({ status }) => status === 'pending')) return null;
  // Until all is decided, nobody knows what a shared call has cost whom.
  if (rows.length > own.length && job.plan?.kind === 'bulk' && job.finishedAt === null) return null;
  const answers = await answersOf(job, rows, reading);
  const shares = groups.flatMap((group) => [...taskShares(group, answers)]);
  const nanos = shares.reduce((sum, [line, share]) => sum + (isOwn(line) ? share : 0), 0);
  const answered = own.filter(({ status }) => status === 'ok' || status === 'empty');
  if (answered.length === 0) return { ...taskFailure(own, answers), nanos, resultCount: 0, result: null, items: 0 };
  const calls = new Set(answered.map(({ call }) => call));
  const came = answers.filter(({ call }) => calls.has(call));
  const [only, ...others] = came;
  const isWhole = only?.targets.every((target) => target.rows.some(({ line }) => isOwn(line))) === true;
  const found = isWhole && others.length === 0 ? await wholeResult(only.answer) : null;
  return { ...(found ?? (await joinedResult(job, came, isOwn))), nanos };
}

async function unplannedRows(job: JobRecord, { storage }: Reading): Promise<Pick<Row, OfRow>[]> {
  const ref = refOf(job.description);
  const parts = Array.from({ length: job.description.rowParts }, (_, part) => readRows(storage, ref, part));
  const left = { error: null, cost_usd: 0, call: null, duplicate_of: null, ...openOutcome(job, false) };
  return (await Promise.all(parts)).flat().map(({ line }) => ({ ...left, line }));
}

type OfRow = 'line' | 'status' | 'error' | 'cost_usd' | 'call' | 'duplicate_of';

/** The rows of all root calls that hold own rows, by root call: what those cost is shared. */
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
  for (const call of new Set(rows.map((row) => row.call))) {
    if (call === null) continue;
    const walk = walkSettled(job, { from: { ...FIRST_CALL, next: call }, plan, reading });
    const { value } = await walk.next();
    await walk.return({ next: null });
    if (value === undefined || !('came' in value) || value.call !== call || value.came.kind !== 'answered') continue;
    found.push({ call, answer: value.came.answer, targets: await value.targets() });
  }
  return found;
}

/** What one answer says, byte for byte. */
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

/** The items of the task's own targets, each byte for byte, under the head of the first answer. */
async function joinedResult(
  job: JobRecord,
  answers: readonly DecidingAnswer[],
  isOwn: (line: number) => boolean,
): Promise<Omit<TaskResult, 'nanos'>> {
  const items: string[] = [];
  let head: Record<string, unknown> = {};
  for (const { answer, targets } of answers) {
    const { outcome } = answer.header;
    if (outcome.kind !== 'bulk') continue;
    const { elements, firstResult } = await itemTextsOf(job, answer);
    head = { ...firstResult, ...head };
    targets.forEach((target, position) => {
      const item = elements[outcome.items[position] ?? -1];
      if (item !== undefined && target.rows.some(({ line }) => isOwn(line))) items.push(item);
    });
  }
  const ok = { code: CODES.ok, message: messageOf(CODES.ok), items: items.length };
  if (items.length === 0) return { ...ok, resultCount: 0, result: null };
  const { items: _, total_count, ...rest } = head;
  const counted = {
    ...(total_count !== undefined && { total_count: items.length }),
    ...rest,
    items_count: items.length,
  };
  return { ...ok, resultCount: 1, result: `[${withLast(counted, 'items', `[${items.join(',')}]`)}]` };
}

async function itemTextsOf(job: JobRecord, answer: Answer) {
  const endpoint = endpointOf(job.description.endpoint);
  const task = answer.header.task ?? 0;
  const bytes = await answer.body();
  const json = readEnvelope(jsonOf(bytes.toString('utf8')))?.tasks[task]?.json;
  const raw = rawItems(bytes, { task, areResults: resultsAreItems(endpoint) });
  const elements =
    raw?.map((item) => (item === null ? 'null' : Buffer.from(item, 'latin1').toString('utf8'))) ??
    itemsOf(json, endpoint).map((item) => JSON.stringify(item));
  const [firstResult = {}] = objectsOf(json?.result).filter(isObject);
  return { elements, firstResult };
}
