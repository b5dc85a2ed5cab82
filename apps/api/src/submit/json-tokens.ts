import { TokenType } from '@streamparser/json';
import { ApiProblem, invalidRequest } from '../problem.js';
import { refuseUnknownField } from './fields.js';
import { pointTo } from './pointers.js';

/** Deeper than any body needs, and far from what could exhaust the stack. */
const MAX_DEPTH = 32;

interface OpenObject {
  readonly kind: 'object';
  readonly names: Set<string>;
  name: string;
  nameIsNext: boolean;
}

interface OpenList {
  readonly kind: 'list';
  index: number;
}

type Open = OpenObject | OpenList;

interface TokenJudge {
  /** Judges a token before its value is built. */
  judge(token: TokenType, value: unknown): void;
  /** Where in the body the next value stands, as a JSON pointer. */
  place(): string;
}

/**
 * Watches the tokens of a submission: it must be an object, not too deep, without a name twice, and its fields must
 * exist. What is not JSON at all is left to the parser.
 */
export function createTokenJudge(): TokenJudge {
  const open: Open[] = [];
  const place = () =>
    pointTo(
      'json',
      open.map((one) => (one.kind === 'object' ? one.name : one.index)),
    );

  const judgeName = (name: string, { names }: OpenObject) => {
    if (open.length === 1) refuseUnknownField(name, { source: 'json', others: ['targets'] });
    if (names.has(name)) throw invalidRequest(place(), 'is given twice');
    if (name === '__proto__') throw invalidRequest(place(), 'is not taken as a name');
    names.add(name);
  };

  const judgeValue = (token: TokenType) => {
    if (open.length === 0 && token !== TokenType.LEFT_BRACE) {
      throw new ApiProblem('invalid_json', 'The body must be a JSON object.');
    }
    if (open.length === 1 && token !== TokenType.LEFT_BRACKET && place() === '/targets') {
      throw invalidRequest('/targets', 'must be a list of targets');
    }
    if (token === TokenType.LEFT_BRACE) open.push({ kind: 'object', names: new Set(), name: '', nameIsNext: true });
    if (token === TokenType.LEFT_BRACKET) open.push({ kind: 'list', index: 0 });
    if (open.length > MAX_DEPTH) throw invalidRequest(place(), `is nested deeper than ${MAX_DEPTH} levels`);
  };

  const judge = (token: TokenType, value: unknown) => {
    const inner = open.at(-1);
    if (token === TokenType.COLON) return;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) return void open.pop();
    if (token === TokenType.COMMA) return goOn(inner);
    if (inner?.kind !== 'object' || !inner.nameIsNext) return judgeValue(token);
    inner.nameIsNext = false;
    inner.name = String(value);
    judgeName(inner.name, inner);
  };
  return { judge, place };
}

function goOn(inner: Open | undefined): void {
  if (inner?.kind === 'object') inner.nameIsNext = true;
  if (inner?.kind === 'list') inner.index++;
}
