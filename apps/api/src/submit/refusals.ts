import { explainInvalid, type InvalidCode, type ProblemDetail } from '@linkhaul/schemas';
import { ApiProblem } from '../problem.js';
import type { InputRow, ListRules } from './submission.js';

/** The most lines that a refusal names. */
const MOST_NAMED = 1000;

interface Refusals {
  add(row: InputRow, code: InvalidCode): void;
  /** Throws if a line was refused. */
  judge(): void;
}

/** Collects the invalid lines of a list with `on_invalid=reject`. Reading stops when there are as many as a refusal can name. */
export function collectRefusals({ on_invalid: onInvalid }: ListRules): Refusals {
  const refused: ProblemDetail[] = [];
  const judge = () => {
    if (refused.length === 0) return;
    throw new ApiProblem('invalid_rows', 'Nothing was run: correct these lines, or send on_invalid=skip.', {
      errors: refused,
    });
  };
  return {
    add({ line, input }, code) {
      if (onInvalid === 'skip') return;
      refused.push({ line, code, message: explainInvalid({ code, input }) });
      if (refused.length === MOST_NAMED) judge();
    },
    judge,
  };
}
