import { TokenType } from '@streamparser/json';
import { ApiProblem, invalidRequest } from '../../problem.js';
import { createTokenJudge, type TokenJudge } from '../../request/json-tokens.js';
import { pointTo } from '../../request/pointers.js';
import { type FieldForm, refuseUnknownField } from '../fields/fields.js';
import { faultOfField } from './json-target.js';

interface SubmissionJudge extends Pick<TokenJudge, 'judge' | 'place'> {
  /** Whether the next token belongs to the list of targets. */
  readonly isInList: boolean;
  /** Whether the parser is between two targets, or at the start of the list. */
  readonly isBetweenRows: boolean;
}

/** Checks the tokens of a submission: an object with a list of targets, whose fields, and those of its targets, exist. */
export function createSubmissionJudge(form: FieldForm): SubmissionJudge {
  const list = `/${form.list}`;
  let isInList = false;
  const tokens = createTokenJudge({
    pointTo: (path) => pointTo('json', path),
    judgeName(name, depth) {
      if (depth === 1) refuseUnknownField(name, { source: 'json', form, others: [form.list] });
      const fault = depth === 3 && isInList ? faultOfField(name) : null;
      if (fault !== null) throw invalidRequest(tokens.place(), fault);
    },
    judgeValue(token, depth) {
      if (depth === 0 && token !== TokenType.LEFT_BRACE) {
        throw new ApiProblem('invalid_json', `The body must be a JSON object, with the rows in "${form.list}".`);
      }
      if (depth !== 1) return;
      isInList = tokens.place() === list;
      if (isInList && token !== TokenType.LEFT_BRACKET) throw invalidRequest(list, 'must be a list of targets');
    },
  });
  return {
    place: tokens.place,
    judge(token, value) {
      tokens.judge(token, value);
      if (tokens.depth < LIST_DEPTH) isInList = false;
    },
    get isInList() {
      return isInList;
    },
    get isBetweenRows() {
      return isInList && tokens.depth === LIST_DEPTH;
    },
  };
}

/** The depth inside the list: the object, then the list. */
const LIST_DEPTH = 2;
