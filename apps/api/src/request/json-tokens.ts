import { Tokenizer, TokenType } from '@streamparser/json';
import { invalidRequest } from '../problem.js';

/** More than any body needs, and far less than what exhausts the stack. */
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

interface TokenRules {
  /** Makes the pointer of a refusal. */
  readonly pointTo: (path: readonly (string | number)[]) => string;
  /** Checks a name; at depth 1 it is a name of the outermost object. */
  readonly judgeName?: (name: string, depth: number) => void;
  /** Checks the first token of a value; at depth 0 the value is the whole body. */
  readonly judgeValue?: (token: TokenType, depth: number) => void;
}

export interface TokenJudge {
  /** Checks a token before its value is built. */
  judge(token: TokenType, value: unknown): void;
  /** The pointer to the next value. */
  place(): string;
  /** How many objects and lists are open. */
  readonly depth: number;
}

/** Checks the tokens of JSON: no deep nesting, and no name twice in an object. The parser reports invalid JSON. */
export function createTokenJudge(rules: TokenRules): TokenJudge {
  const open: Open[] = [];
  const place = () => rules.pointTo(open.map((one) => (one.kind === 'object' ? one.name : one.index)));

  const judgeName = (name: string, { names }: OpenObject) => {
    rules.judgeName?.(name, open.length);
    if (names.has(name)) throw invalidRequest(place(), 'is given twice');
    if (name === '__proto__') throw invalidRequest(place(), 'is not taken as a name');
    names.add(name);
  };

  const judgeValue = (token: TokenType) => {
    rules.judgeValue?.(token, open.length);
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
  return {
    judge,
    place,
    get depth() {
      return open.length;
    },
  };
}

function goOn(inner: Open | undefined): void {
  if (inner?.kind === 'object') inner.nameIsNext = true;
  if (inner?.kind === 'list') inner.index++;
}

/** Checks valid JSON for names that occur twice: `JSON.parse` would silently keep the last value. */
export function judgeNames(text: string, pointTo: TokenRules['pointTo']): void {
  const { judge } = createTokenJudge({ pointTo });
  const tokenizer = new Tokenizer();
  tokenizer.onToken = ({ token, value }) => judge(token, value);
  tokenizer.onError = (error) => {
    throw error;
  };
  tokenizer.write(text);
}
