import { type EndpointName, endpointName, endpointOf, upstreamEnvelope } from '@linkhaul/schemas';
import { z } from 'zod';
import { type BulkName, type BulkTask, bulkResult } from './bulk.js';
import type { Item } from './links.js';
import { type ListName, type ListTask, listResult } from './lists.js';
import { compareTexts } from './metrics.js';
import { type SetName, type SetTask, setResult } from './sets.js';
import { isSingle, type SingleName, type SingleTask, singleResult } from './singles.js';
import type { World } from './world.js';

export interface Tasks
  extends Record<ListName, ListTask>,
    Record<BulkName, BulkTask>,
    Record<SetName, SetTask>,
    Record<SingleName, SingleTask> {}

const object = z.record(z.string(), z.unknown());
const items = z.array(z.looseObject({}));
const counted = z.looseObject({ items_count: z.number(), items: items.nullable() });
const rowsOf = z.union([counted.transform((result) => result.items_count), object.transform(() => 1)]);

/** What the server must answer, apart from ids and times, which no one can foretell. */
export function expectedAnswer<N extends EndpointName>(world: World, name: N, task: Tasks[N]) {
  const result = resultOf(world, name, task);
  const rows = result === null ? 0 : rowsOf.parse(result[0]);
  // A call and its rows in nano-dollars: one without rows is billed as one row.
  const cost = (24_000_000 + 36_000 * Math.max(1, rows)) / 1_000_000_000;
  return comparable({
    status_code: 20000,
    status_message: 'Ok.',
    cost,
    tasks_count: 1,
    tasks_error: 0,
    tasks: [
      {
        status_code: 20000,
        status_message: 'Ok.',
        cost,
        result_count: result === null ? 0 : 1,
        path: ['v3', 'backlinks', name, 'live'],
        data: { api: 'backlinks', function: name, ...task },
        result,
      },
    ],
  });
}

function resultOf(world: World, name: EndpointName, task: AnyTask): Item[] | null {
  if (isSet(name) && isSetTask(task)) return setResult(world, name, task);
  if (isBulk(name) && isBulkTask(task)) return bulkResult(world, name, task);
  if (isList(name) && 'target' in task) return listResult(world, name, task);
  if (isSingle(name) && 'target' in task) return singleResult(world, name, task);
  throw new Error(`${name} does not take this task`);
}

function isSet(name: EndpointName): name is SetName {
  return endpointOf(name).kind === 'set';
}

type AnyTask = BulkTask | ListTask | SetTask | SingleTask;

function isSetTask(task: AnyTask): task is SetTask {
  return 'targets' in task && !Array.isArray(task.targets);
}

function isBulkTask(task: AnyTask): task is BulkTask {
  return 'targets' in task && Array.isArray(task.targets);
}

function isList(name: EndpointName): name is ListName {
  return endpointOf(name).kind === 'list';
}

export function isBulk(name: EndpointName): name is BulkName {
  return endpointOf(name).kind === 'bulk';
}

/** An answer without ids and times, maps as lists of their entries, and bulk items by their target. */
export function comparable(answer: unknown) {
  const { version, time, ...envelope } = upstreamEnvelope.parse(answer);
  const tasks = (envelope.tasks ?? []).map((task) => {
    const { id, time: took, ...rest } = task ?? {};
    return {
      ...rest,
      result: rest.result?.map((one) => comparableResult(one, isBulk(endpointName.parse(rest.path?.[2])))) ?? null,
    };
  });
  return { ...envelope, tasks };
}

function comparableResult(result: unknown, anyOrder: boolean) {
  const listed = counted.safeParse(result);
  if (!listed.success) return withEntries(object.parse(result));
  const parsed = listed.data;
  const found = parsed.items?.map(withEntries) ?? null;
  const { search_after_token: token } = parsed;
  return {
    ...parsed,
    // What it holds is its own affair.
    ...(token !== undefined && { search_after_token: typeof token }),
    items: anyOrder ? found?.toSorted((a, b) => compareTexts(nameOf(a), nameOf(b))) : found,
  };
}

function nameOf({ target, url }: Readonly<Record<string, unknown>>): string {
  return String(target ?? url);
}

/** Members that hold fields, and no words with their counts: of sets also the numbers of targets. */
const HOLDERS = /^(?:meta|page_summary|domain_intersection|page_intersection|summary|\d+)$/;

/** An item with its maps as lists of their entries, whose order counts. */
function withEntries(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(item).map(([name, value]) => {
    const inner = object.safeParse(value);
    if (!inner.success) return [name, value];
    return [name, HOLDERS.test(name) ? withEntries(inner.data) : Object.entries(inner.data)];
  });
  return Object.fromEntries(fields);
}
