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
 * The JSON of an answer with only those members left in each item that name it: `{"target":"a.com","rank":5}` becomes
 * `{"target":"a.com"}`. Parsing whole items would take most of a worker's time and memory, and the stored bytes have them.
 * What is cut out was checked to be JSON. An item stays whole if such a member is missing, comes twice, is not a text or has
 * escapes in its name. Null if the bytes are not JSON, or nest too deep: then the caller parses them whole.
 */
export function cutItems(json: Buffer, naming: readonly string[]): string | null {
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

/** A pass over an item. It adds what is before, between and after the naming members to `cuts`. */
function createItemPass(naming: readonly string[], cuts: number[]): Pass {
  const names = naming.map(nameIs);
  /** Begin and end of each naming member of the present item. */
  let kept: number[] = [];
  let isSound = true;
  const seen = new Set<number>();
  const member: Pass = (json, from) => {
    const at = valueAt(json, passPlainName(json, from));
    if (at === NO_JSON) return NO_JSON;
    const end = passValue(json, at);
    const name = names.findIndex((isNamed) => isNamed(json, from));
    if (name !== -1) {
      if (json[at] !== QUOTE || seen.has(name)) isSound = false;
      seen.add(name);
      kept.push(from, end);
    }
    return end;
  };
  return (json, from) => {
    kept = [];
    isSound = true;
    seen.clear();
    const end = passObject(json, from, member);
    if (end !== NO_JSON && isSound && seen.size === names.length) cuts.push(...cutsAround(json, kept, { from, end }));
    return end;
  };
}

/** What is cut from an object so that these members are left, with commas between them. */
function cutsAround(json: Buffer, kept: readonly number[], { from, end }: { from: number; end: number }): number[] {
  return [from + 1, ...kept, end - 1].map((at, index) => {
    const isBetween = index > 0 && index < kept.length && index % 2 === 0;
    return isBetween ? passSpace(json, at) + 1 : at;
  });
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
