import type { Hint } from '@linkhaul/jobs';
import { elementTexts, resultHead } from '@linkhaul/results';
import { EMPTY_TARGET, isBroken, isCopied, MISSING_TARGET, readAnswer } from '@linkhaul/storage';
import type { Copy } from './copy.js';
import { listCopy } from './read-list.js';
import { type CopyServices, isUsable, type Source, type Wish } from './source.js';

/** Reads the data of each target from a stored answer; null for a target whose data cannot be used or is damaged. */
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
  // A job that is removed, or is being removed, has no plan.
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
    const copy = { fetchedAt: answeredAt, simulated, items, further: [], totalCount: null, isCut: false };
    return { ...copy, head, source: hint.job };
  });
}
