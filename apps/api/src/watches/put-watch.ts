import { randomBytes } from 'node:crypto';
import type { WatchDoc, WatchList, WatchRecord, WatchRef } from '@linkhaul/jobs';
import { type InputReport, nanosOf, type WatchChange } from '@linkhaul/schemas';
import { FORMAT, type JobRef } from '@linkhaul/storage';
import type { Context } from 'hono';
import { requireKey } from '../middleware/end-with-key.js';
import { ApiProblem, invalidRequest } from '../problem.js';
import { type FieldSource, pointTo } from '../request/pointers.js';
import type { Query } from '../request/query.js';
import type { AppEnv, Services } from '../services.js';
import { judge, judgeBudget } from '../submit/accept.js';
import type { Pass } from '../submit/admission/admission.js';
import { takeIn } from '../submit/intake.js';
import type { ListReport } from '../submit/list/report.js';
import { readFields } from '../submit/read-submission.js';
import type { RowSource } from '../submit/submission.js';
import { openUpload } from '../submit/upload.js';
import { judgeWatch } from './judge-watch.js';
import { listOfJob } from './list-of-job.js';
import { WATCH_FIELDS } from './watch-fields.js';

interface Putting {
  readonly ref: WatchRef;
  /** Where the request's list is stored. */
  readonly list: JobRef;
  readonly query: Query;
  readonly pass: Pass;
}

interface Put {
  readonly isNew: boolean;
  /** How the list was read; null if the watch keeps its list. */
  readonly input: InputReport | null;
}

/** Reads a watch and its list, stores the list, and creates or changes the watch, entirely or not at all. */
export async function putWatch(c: Context<AppEnv>, putting: Putting, services: Services): Promise<Put> {
  const { ref, list, query, pass } = putting;
  const { watches, calls, snapshots, installation } = services;
  const {
    submission: fields,
    rows: sent,
    source,
    report,
  } = await readFields(c, query, { form: WATCH_FIELDS, purpose: 'job', pass });
  judgeWatch(fields, source);
  const before = await watches.get(ref);
  const rows = sent ?? (await rowsOfJob(fields, { tenant: ref.tenant, source }, services));
  const newList = rows && (await takeList(rows, { fields, source, list, report }, services));
  const watchList = newList ?? keptList(before, fields, source);
  requireKey(c);
  const now = await calls.now();
  const doc: WatchDoc = { tag: ref.name, ...docOf(fields, services), ...lifeOf(before, now), list: watchList };
  const result = await watches.put({
    ...ref,
    doc,
    version: before?.version ?? 0,
    list: newList && list,
    installation: await installation.id(),
  });
  if (result !== 'done') throw refusalOf(result);
  await snapshots.keepTenant(ref.tenant);
  return { isNew: before === null, input: newList && sent ? report.view() : null };
}

function refusalOf(result: 'changed' | 'full' | 'given_up' | 'lost'): ApiProblem {
  if (result === 'changed')
    return new ApiProblem('conflict', 'The watch was changed meanwhile: look at it, and send it again.');
  if (result === 'full') return new ApiProblem('conflict', 'There are 100 watches, which is the most: delete one.');
  if (result === 'lost') return new ApiProblem('unavailable', 'Redis has lost its data: no watch is accepted now.');
  return new ApiProblem('unavailable', 'The upload stood still for too long: send it again.');
}

async function rowsOfJob(
  { of_job: id }: WatchChange,
  { tenant, source }: { tenant: string; source: FieldSource },
  services: Services,
): Promise<RowSource | null> {
  if (id === undefined) return null;
  const job = await services.store.get({ tenant, id });
  if (job === null) throw invalidRequest(pointTo(source, ['of_job']), `there is no job ${id}`);
  return listOfJob(job, services);
}

interface Taking {
  readonly fields: WatchChange;
  readonly source: FieldSource;
  readonly list: JobRef;
  readonly report: ListReport;
}

/** Stores a list and prices it. */
async function takeList(
  rows: RowSource,
  { fields, source, list, report }: Taking,
  services: Services,
): Promise<WatchList> {
  const { maxRows } = services.env.storage;
  const writer = await openUpload(list, services);
  const intake = await takeIn(rows, { writer, submission: fields, source, maxRows, report });
  const { estimate, bounds } = await judge({ submission: fields, intake, source }, services);
  if (fields.budget !== undefined)
    judgeBudget(nanosOf(fields.budget.usd), estimate, pointTo(source, ['budget', 'usd']));
  const { valid, invalid, duplicates, mostWithOneKey, rowParts, invalidParts } = intake;
  const estimated = estimate.high ?? bounds.maxCost ?? estimate.low;
  return { id: list.id, valid, invalid, duplicates, mostWithOneKey, rowParts, invalidParts, estimated };
}

/** The list that the watch already has. Its targets were read by the rules of that time. */
function keptList(before: WatchRecord | null, fields: WatchChange, source: FieldSource): WatchList {
  const pointer = pointTo(source, ['list']);
  if (before === null) throw invalidRequest(pointer, 'is needed for a new watch; or name a job as `of_job`');
  const other = (['endpoint', 'target_as', 'keep_www'] as const).find((name) => before.doc[name] !== fields[name]);
  if (other === undefined) return before.doc.list;
  throw invalidRequest(pointer, `is needed where \`${other}\` changes: it decides how targets are read`);
}

/** The stored form of a watch's fields. */
function docOf(
  fields: WatchChange,
  { env }: Services,
): Omit<WatchDoc, 'id' | 'createdAt' | 'changedAt' | 'list' | 'tag'> & { tag?: string } {
  const {
    budget,
    max_cost_usd: maxCost,
    retention_days: retentionDays,
    expect_rows: _rows,
    of_job: _job,
    tag,
    webhook,
    ...same
  } = fields;
  return {
    ...same,
    v: FORMAT,
    ...(tag !== undefined && { tag }),
    maxCost: maxCost === undefined ? null : nanosOf(maxCost),
    retentionDays: retentionDays ?? env.retentionDays,
    webhook:
      webhook === undefined
        ? null
        : { ...webhook, events: webhook.events ?? null, allowPrivate: env.webhookAllowPrivate },
    budget: budget === undefined ? null : { nanos: nanosOf(budget.usd), period: budget.period },
  };
}

function lifeOf(before: WatchRecord | null, now: number): Pick<WatchDoc, 'id' | 'createdAt' | 'changedAt'> {
  const { id, createdAt } = before?.doc ?? { id: `watch_${randomBytes(10).toString('hex')}`, createdAt: now };
  return { id, createdAt, changedAt: now };
}
