import type { Hint } from '@linkhaul/jobs';
import { elementTexts, resultHead } from '@linkhaul/results';
import type { Endpoint, JsonObject } from '@linkhaul/schemas';
import {
  type Answer,
  EMPTY_TARGET,
  isBroken,
  isCopied,
  MISSING_TARGET,
  type PlannedTarget,
  pagesUpTo,
  readAnswer,
} from '@linkhaul/storage';
import type { PlannedJob } from '../cache/job-source.js';
import type { Services } from '../services.js';
import type { Copy } from './copy.js';

export type CopyServices = Pick<Services, 'reuse' | 'source' | 'storage' | 'calls' | 'prices'>;

/** What a stored answer has to be, to be used. */
export interface Wish {
  readonly endpoint: Endpoint;
  /** ms since the epoch: an answer that was fetched before is too old. */
  readonly notBefore: number;
  /** Whether the data of the upstream is simulated now. */
  readonly simulated: boolean;
  /** The most items of a list. */
  readonly maxItems: number;
  /** The copies are to be given in the vendor's form: with the other fields of their result. */
  readonly wantsHead: boolean;
}

/** Reads what a stored answer has for each of these targets; null where it cannot be used, or is broken. */
export async function readCopies(
  hint: Hint,
  wanted: readonly string[],
  wish: Wish,
  services: CopyServices,
): Promise<readonly (Copy | null)[]> {
  try {
    return await copiesOf(hint, wanted, wish, services);
  } catch (error) {
    if (!isBroken(error)) throw error;
    return wanted.map(() => null);
  }
}

async function copiesOf(
  hint: Hint,
  wanted: readonly string[],
  wish: Wish,
  services: CopyServices,
): Promise<readonly (Copy | null)[]> {
  const none = wanted.map(() => null);
  // A job that was removed, or is being removed, has no plan.
  const planned = await services.source.job(hint.job);
  if (planned === null) return none;
  const found = await readAnswer(services.storage, hint.job, hint);
  if (found.kind !== 'there') return none;
  const source = {
    hint,
    planned,
    answer: found.answer,
    targets: await services.source.targets(hint.job, planned.plan, hint.call),
  };
  if (source.answer.header.outcome.kind === 'bulk') return bulkCopies(source, wanted, wish);
  const copy = await listCopy(source, wish, services);
  return wanted.map((target) => (target === source.targets[0]?.target ? copy : null));
}

interface Source {
  readonly hint: Hint;
  readonly planned: PlannedJob;
  readonly answer: Answer;
  readonly targets: readonly PlannedTarget[];
}

function isUsable({ header }: Answer, { notBefore, simulated }: Wish): boolean {
  return header.answeredAt >= notBefore && header.simulated === simulated;
}

async function bulkCopies(
  { hint, answer, targets }: Source,
  wanted: readonly string[],
  wish: Wish,
): Promise<(Copy | null)[]> {
  const { outcome, copied, answeredAt, simulated } = answer.header;
  if (outcome.kind !== 'bulk' || !isUsable(answer, wish)) return wanted.map(() => null);
  const texts = await elementTexts({ answer, endpoint: wish.endpoint });
  const head = wish.wantsHead ? await resultHead(answer) : null;
  const positions = new Map(targets.map(({ target }, at) => [target, at]));
  return wanted.map((target) => {
    const at = positions.get(target) ?? -1;
    const item = outcome.items[at] ?? MISSING_TARGET;
    if (item === MISSING_TARGET || isCopied(copied, at)) return null;
    const text = texts[item] ?? null;
    if (item !== EMPTY_TARGET && text === null) return null;
    const items = text === null ? [] : [text];
    return { fetchedAt: answeredAt, simulated, items, totalCount: null, isCut: false, head, source: hint.job };
  });
}

/** A copy stands in memory whole, and is stored as one answer. */
const MOST_PAGES = 20;

async function listCopy(
  { hint, planned, answer, targets }: Source,
  wish: Wish,
  services: CopyServices,
): Promise<Copy | null> {
  const { outcome, copied } = answer.header;
  if (outcome.kind !== 'list' || outcome.status === null || copied !== undefined) return null;
  if (targets[0]?.before !== undefined) return null;
  const isPart = outcome.truncated !== null;
  if (isPart && outcome.itemsSoFar < wish.maxItems) return null;
  const numbers = pagesUpTo(hint.call, planned.plan);
  if (numbers.length > MOST_PAGES) return null;
  const items: string[] = [];
  let oldest = answer.header.answeredAt;
  for (const call of numbers) {
    const page = call === hint.call ? answer : await pageOf({ ...hint, call }, services);
    if (page === null || !isUsable(page, wish)) return null;
    oldest = Math.min(oldest, page.header.answeredAt);
    items.push(...(await itemsOfPage(page, wish.endpoint)));
  }
  if (items.length !== outcome.itemsSoFar) return null;
  const wanted = items.slice(0, wish.maxItems);
  const isCut = wanted.length < items.length;
  return {
    fetchedAt: oldest,
    simulated: answer.header.simulated,
    items: wanted,
    totalCount: outcome.totalCount,
    isCut: isPart || isCut,
    head: wish.wantsHead ? await headOfList(answer, isCut) : null,
    source: hint.job,
  };
}

/** The token of the last page goes on behind its last element, which a list that is cut does not have. */
async function headOfList(lastPage: Answer, isCut: boolean): Promise<JsonObject | null> {
  const { outcome } = lastPage.header;
  const head = await resultHead(lastPage);
  const hasLast = !isCut && outcome.kind === 'list' && outcome.surplus === undefined;
  if (head === null || hasLast) return head;
  const { search_after_token: _, ...rest } = head;
  return rest;
}

async function pageOf({ job, call }: Hint, { storage, calls }: CopyServices): Promise<Answer | null> {
  const found = await readAnswer(storage, job, { call, attempt: await calls.settledAttempt({ job, call }) });
  return found.kind === 'there' && found.answer.header.outcome.kind === 'list' ? found.answer : null;
}

async function itemsOfPage(answer: Answer, endpoint: Endpoint): Promise<readonly string[]> {
  const { outcome } = answer.header;
  if (outcome.kind !== 'list') return [];
  const texts = await elementTexts({ answer, endpoint });
  return texts.filter((text) => text !== null).slice(0, outcome.items);
}
