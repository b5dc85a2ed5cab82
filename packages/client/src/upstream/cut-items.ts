import { BYTE_ORDER_MARK } from './leading-bytes.js';
import {
  NO_JSON,
  type Pass,
  passList,
  passObject,
  passPlainName,
  passSpace,
  passText,
  passValue,
  valueAt,
} from './pass-json.js';

const QUOTE = 0x22;

/**
 * The JSON of an answer with only one member left in each item, the one that names it: `{"target":"a.com","rank":5}` becomes
 * `{"target":"a.com"}`. Parsing whole items would take most of a worker's time and memory, and the stored bytes have them.
 * What is cut out was checked to be JSON. An item stays whole where its name is missing, comes twice, is no text or is
 * written with escapes. Null where the bytes are not JSON, or nest too deep: then the caller parses them whole.
 */
export function cutItems(json: Buffer, naming: string): string | null {
  const cuts: number[] = [];
  const item = createItemPass(naming, cuts);
  const items = within('items', (_, at) => passList(json, at, item));
  const results = within('result', (_, at) => passList(json, at, items));
  const tasks = within('tasks', (_, at) => passList(json, at, results));
  const marked = json.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  const end = tasks(json, passSpace(json, marked ? BYTE_ORDER_MARK.length : 0), 0);
  return end === NO_JSON || passSpace(json, end) !== json.length ? null : withoutCuts(json, cuts);
}

/** A pass over an object that visits the value of each member with this name. */
function within(name: string, visit: Pass): Pass {
  const isNamed = nameIs(name);
  const member: Pass = (json, from, levels) => {
    const at = valueAt(json, passText(json, from));
    if (at === NO_JSON) return NO_JSON;
    return isNamed(json, from) ? visit(json, at, levels) : passValue(json, at);
  };
  return (json, from) => passObject(json, from, member);
}

/** Whether the member that begins at `from` has this name, written without escapes. */
function nameIs(name: string): (json: Buffer, from: number) => boolean {
  const quoted = Buffer.from(JSON.stringify(name));
  return (json, from) => {
    for (let at = 0; at < quoted.length; at++) if (json[from + at] !== quoted[at]) return false;
    return true;
  };
}

/** A pass over an item. It adds what comes before and after the naming member to `cuts`. */
function createItemPass(naming: string, cuts: number[]): Pass {
  const isNaming = nameIs(naming);
  let named = 0;
  let begins = 0;
  let ends = 0;
  const member: Pass = (json, from) => {
    const at = valueAt(json, passPlainName(json, from));
    if (at === NO_JSON) return NO_JSON;
    const end = passValue(json, at);
    if (isNaming(json, from)) {
      // A name that is no text must not count as the only one.
      named += json[at] === QUOTE ? 1 : 2;
      begins = from;
      ends = end;
    }
    return end;
  };
  return (json, from) => {
    named = 0;
    const end = passObject(json, from, member);
    if (end !== NO_JSON && named === 1) cuts.push(from + 1, begins, ends, end - 1);
    return end;
  };
}

/** `cuts`: begin and end of each cut, in rising order: `[b1, e1, b2, e2]`. */
function withoutCuts(json: Buffer, cuts: readonly number[]): string {
  let left = json.length;
  for (let at = 0; at < cuts.length; at += 2) left -= (cuts[at + 1] ?? 0) - (cuts[at] ?? 0);
  const kept = Buffer.allocUnsafe(left);
  let [from, to] = [0, 0];
  for (let at = 0; at < cuts.length; at += 2) {
    to += json.copy(kept, to, from, cuts[at]);
    from = cuts[at + 1] ?? 0;
  }
  json.copy(kept, to, from);
  return kept.toString('utf8');
}
