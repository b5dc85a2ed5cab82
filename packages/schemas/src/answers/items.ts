import { type Endpoint, isPaged, resultsAreItems } from '../endpoints/endpoint.js';
import { elementsOf, isObject, type JsonObject, numberOf, textOf } from './values.js';

/** What the results of a task hold. */
export interface AnswerItems {
  /**
   * `empty`: the answer says that there is nothing. `unreadable`: it holds, or counts, something that is not understood.
   */
  readonly form: 'items' | 'empty' | 'unreadable';
  /** All results one after the other. Elements that are no objects are no items, and still fill their page. */
  readonly elements: readonly unknown[];
  readonly totalCount: number | null;
  /** With this token the upstream gives the next page, if the endpoint pages by token. */
  readonly token: string | null;
}

/** How the items of a call are judged. */
interface AskedItems {
  readonly endpoint: Endpoint;
  /** Where the requested page begins. 0 for a bulk call. */
  readonly offset: number;
}

/** The items of a task, and whether everything that it says about them is understood. No item is copied. */
export function readItems(task: JsonObject, { endpoint, offset }: AskedItems): AnswerItems {
  const results = elementsOf(task.result).filter((result) => result !== null && result !== undefined);
  const found = results.filter(isObject);
  const elements = elementsIn(found, endpoint);
  const totalCount = mostOf(found.map(({ total_count }) => numberOf(total_count)));
  const isCounted = !isPaged(endpoint) || endpoint.totalCountsItems || offset === 0;
  const counts = {
    items: mostOf(found.map(({ items_count }) => numberOf(items_count))),
    beyond: isCounted && totalCount !== null ? totalCount - offset : null,
  };
  const form = elements.length === 0 ? formOfNothing(task, { results, found, counts }) : formOf(elements, endpoint);
  const isByToken = endpoint.kind === 'list' && endpoint.maxOffset !== undefined;
  return { form, elements, totalCount, token: isByToken ? tokenIn(found) : null };
}

/** The items of a task, found as when its answer was judged. For a stored answer, whose form is known. */
export function itemsOf(task: JsonObject | undefined, endpoint: Endpoint): readonly unknown[] {
  return task === undefined ? [] : elementsIn(elementsOf(task.result).filter(isObject), endpoint);
}

function elementsIn(results: readonly JsonObject[], endpoint: Endpoint): readonly unknown[] {
  if (resultsAreItems(endpoint)) return results;
  const lists = results.map(({ items }) => elementsOf(items));
  return lists.length === 1 ? (lists[0] ?? []) : lists.flat();
}

function formOf(elements: readonly unknown[], endpoint: Endpoint): AnswerItems['form'] {
  const isUnderstood =
    endpoint.kind === 'bulk'
      ? (element: unknown) => isObject(element) && typeof element[endpoint.targetField] === 'string'
      : isObject;
  return elements.some(isUnderstood) ? 'items' : 'unreadable';
}

function tokenIn(results: readonly JsonObject[]): string | null {
  return textOf(results.at(-1)?.search_after_token);
}

interface Nothing {
  readonly results: readonly unknown[];
  readonly found: readonly JsonObject[];
  readonly counts: { readonly items: number | null; readonly beyond: number | null };
}

/** `empty` only if the answer says that there is nothing, and no count says otherwise. */
function formOfNothing(task: JsonObject, { results, found, counts }: Nothing): AnswerItems['form'] {
  const isCounted = Math.max(counts.items ?? 0, counts.beyond ?? 0) > 0;
  const isSaid =
    results.length === 0 ? saysNoResult(task) : found.length === results.length && found.every(saysNoItems);
  return isSaid && !isCounted ? 'empty' : 'unreadable';
}

/** No result: null, an empty list or a list of nulls; or a missing field, if the count of results is 0. */
function saysNoResult({ result, result_count }: JsonObject): boolean {
  const count = numberOf(result_count);
  if (result === undefined) return count === 0;
  if (elementsOf(result).length > 0) return true;
  return (result === null || isEmptyList(result)) && (count ?? 0) <= 0;
}

/** No items: null or an empty list; or a missing field, if a count is 0. */
function saysNoItems({ items, items_count, total_count }: JsonObject): boolean {
  if (items === undefined) return numberOf(items_count) === 0 || numberOf(total_count) === 0;
  return items === null || isEmptyList(items);
}

function isEmptyList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && elementsOf(value).length === 0;
}

function mostOf(counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null);
  return known.length === 0 ? null : Math.max(...known);
}
