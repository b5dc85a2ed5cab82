import { durationMs } from '@linkhaul/schemas';
import type { CallReader } from '../call/call-reader.js';
import { type Asking, questionOf } from './question.js';
import type { Hint, ReuseIndex } from './reuse-index.js';

interface Services {
  readonly reuse: Pick<ReuseIndex, 'find'>;
  readonly calls: Pick<CallReader, 'now'>;
}

/** How many targets one script looks up. */
const TARGETS_AT_ONCE = 1000;

/**
 * Looks targets up for a job that says how old answers may be. Gives for each position where an answer is that is young
 * enough now, or null. Whether it can be used is decided when its call is about to be sent.
 */
export async function expectedHints(
  asking: Asking & { readonly max_age: string },
  { reuse, calls }: Services,
): Promise<(targets: readonly string[]) => Promise<readonly (Hint | null)[]>> {
  const question = questionOf(asking);
  const notBefore = (await calls.now()) - (durationMs(asking.max_age) ?? 0);
  return async (targets) => {
    const found: (Hint | null)[] = [];
    for (let from = 0; from < targets.length; from += TARGETS_AT_ONCE) {
      const { hints } = await reuse.find(question, targets.slice(from, from + TARGETS_AT_ONCE), { hasParts: false });
      for (const [hint] of hints) found.push(isYoung(hint, notBefore) ? hint : null);
    }
    return found;
  };
}

function isYoung(hint: Hint | undefined, notBefore: number): hint is Hint {
  return hint !== undefined && 1000 * hint.answeredAt >= notBefore;
}
