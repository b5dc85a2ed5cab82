import { INVALID_CODES, type InvalidCode, type ProblemDetail, type Submission } from '@linkhaul/schemas';
import { ApiProblem } from '../problem.js';

/** Lines named in a refusal. */
const MOST_NAMED = 1000;

interface Refusals {
  add(line: number, code: InvalidCode): void;
  /** Throws where there is one. */
  judge(): void;
}

/** With `on_invalid=reject` nothing runs when a line is invalid; more than can be named need not be waited for. */
export function collectRefusals({ on_invalid: onInvalid }: Submission): Refusals {
  const refused: ProblemDetail[] = [];
  const judge = () => {
    if (refused.length === 0) return;
    throw new ApiProblem('invalid_rows', 'Nothing was run: correct these lines, or send on_invalid=skip.', {
      errors: refused,
    });
  };
  return {
    add(line, code) {
      if (onInvalid === 'skip') return;
      refused.push({ line, code, message: INVALID_CODES[code] });
      if (refused.length === MOST_NAMED) judge();
    },
    judge,
  };
}
