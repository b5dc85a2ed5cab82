import { TokenType } from '@streamparser/json';
import { ApiProblem, invalidRequest } from '../problem.js';
import { refuseUnknownField, unknownName } from './fields.js';
import { TARGET_FIELDS } from './json-target.js';
import { createTokenJudge, type TokenJudge } from './json-tokens.js';
import { pointTo } from './pointers.js';

/** Watches the tokens of a submission: it must be an object with a list of targets, and its fields must exist, as those of a target. */
export function createSubmissionJudge(): TokenJudge {
  const judge = createTokenJudge({
    pointTo: (path) => pointTo('json', path),
    judgeName(name, depth) {
      if (depth === 1) refuseUnknownField(name, { source: 'json', others: ['targets'] });
      if (depth !== 3 || TARGET_FIELDS.includes(name)) return;
      const place = judge.place();
      if (place.startsWith('/targets/')) throw invalidRequest(place, unknownName(name, TARGET_FIELDS));
    },
    judgeValue(token, depth) {
      if (depth === 0 && token !== TokenType.LEFT_BRACE) {
        throw new ApiProblem('invalid_json', 'The body must be a JSON object.');
      }
      if (depth === 1 && token !== TokenType.LEFT_BRACKET && judge.place() === '/targets') {
        throw invalidRequest('/targets', 'must be a list of targets');
      }
    },
  });
  return judge;
}
