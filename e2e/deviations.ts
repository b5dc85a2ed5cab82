import { gzipSync } from 'node:zlib';
import type { Json } from './recording-upstream.js';

/** What happens to the rows of a call whose answer deviates. */
type Outcome = 'read' | 'read_later' | 'unreadable' | 'lost';

export interface Deviation {
  readonly name: string;
  /** The answer's body. */
  readonly body: (answer: Json) => Buffer;
  readonly outcome: Outcome;
}

type Change = (value: unknown) => unknown;

const TASK = ['tasks', '0'];
const RESULT = [...TASK, 'result', '0'];
const REMOVED = Symbol('removed');

/** A copy with the value at a path changed. */
function changeAt(json: unknown, [name, ...rest]: readonly string[], change: Change): unknown {
  if (name === undefined) return change(json);
  if (Array.isArray(json))
    return json.map((element, at) => (String(at) === name ? changeAt(element, rest, change) : element));
  const object = { ...(json as Json) };
  const value = changeAt(object[name], rest, change);
  if (value === REMOVED) delete object[name];
  else object[name] = value;
  return object;
}

function changed(...changes: readonly (readonly [readonly string[], Change])[]): Deviation['body'] {
  return (answer) =>
    Buffer.from(
      JSON.stringify(changes.reduce<unknown>((json, [path, change]) => changeAt(json, path, change), answer)),
    );
}

const to =
  (value: unknown): Change =>
  () =>
    value;
const asText: Change = (value) => String(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const at = (path: readonly string[], change: Change, outcome: Outcome = 'read') =>
  ({ body: changed([path, change]), outcome }) as const;
const textOf = (answer: Json) => JSON.stringify(answer);

const halves: Change = (result) => {
  const [whole] = listOf(result);
  const items = listOf((whole as Json).items);
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)].map((half) => ({ ...(whole as Json), items: half }));
};

const costs = [['cost'], [...TASK, 'cost']] as const;

const FORMS: Readonly<Record<string, Omit<Deviation, 'name'>>> = {
  'as it is': { body: changed(), outcome: 'read' },
  'a time as a number': at([...TASK, 'time'], to(0.01)),
  'a time of the whole as a number': at(['time'], to(0.01)),
  'a version as a number': at(['version'], to(0.1)),
  'counts as text': at(['tasks_count'], asText),
  'counts of results as text': at([...TASK, 'result_count'], asText),
  'no path': at([...TASK, 'path'], to(REMOVED)),
  'a path as text': at([...TASK, 'path'], to('v3/backlinks')),
  'no echo': at([...TASK, 'data'], to(REMOVED)),
  'an echo of null': at([...TASK, 'data'], to(null)),
  'an echo as a list': at([...TASK, 'data'], (data) => [data]),
  'an id as a number': at([...TASK, 'id'], to(12345)),
  'no id': at([...TASK, 'id'], to(null)),
  'a status as text': at(['status_code'], asText),
  'a status of the task as text': at([...TASK, 'status_code'], asText),
  'a cost as text': at([...TASK, 'cost'], asText),
  'a cost of the task alone': at(['cost'], to(REMOVED)),
  'a cost of the whole alone': at([...TASK, 'cost'], to(null)),
  'a cost of the task as true': at([...TASK, 'cost'], to(true)),
  'a cost of the task as a list': at([...TASK, 'cost'], (cost) => [cost]),
  'a cost of the task as 0': at([...TASK, 'cost'], to(0)),
  'no cost': { body: changed(...costs.map((path) => [path, to(REMOVED)] as const)), outcome: 'read_later' },
  'an empty cost': { body: changed(...costs.map((path) => [path, to('')] as const)), outcome: 'read_later' },
  'a cost of 0': { body: changed(...costs.map((path) => [path, to(0)] as const)), outcome: 'read_later' },
  'a total as text': at([...RESULT, 'total_count'], (total) => (total === undefined ? REMOVED : String(total))),
  'a count of items as text': at([...RESULT, 'items_count'], asText),
  'a target as a number': at([...RESULT, 'target'], to(5)),
  'a null task in front': at(['tasks'], (tasks) => [null, ...listOf(tasks)]),
  'another task behind': at(['tasks'], (tasks) => [...listOf(tasks), { id: 'x', status_code: 20000, result: null }]),
  'a task without its list': at(['tasks'], (tasks) => listOf(tasks)[0]),
  'a result without its list': at([...TASK, 'result'], (result) => listOf(result)[0]),
  'a null result in front': at([...TASK, 'result'], (result) => [null, ...listOf(result)]),
  'two results': at([...TASK, 'result'], halves),
  'items as a map': at([...RESULT, 'items'], (items) => ({ ...listOf(items) })),
  'a null item': at([...RESULT, 'items'], (items) => [...listOf(items), null]),
  'an item that is a text': at([...RESULT, 'items'], (items) => ['x', ...listOf(items)]),
  'a byte order mark': { body: (answer) => Buffer.from(`\u{feff}${textOf(answer)}`), outcome: 'read' },
  'lines behind it': { body: (answer) => Buffer.from(`${textOf(answer)}\r\n\n`), outcome: 'read' },
  'gzip that is not said': { body: (answer) => gzipSync(textOf(answer)), outcome: 'read' },
  'gzip without its end': { body: (answer) => gzipSync(textOf(answer)).subarray(0, -8), outcome: 'read' },
  'a result of another form': at(RESULT, to({ rows: [[1, 2]] }), 'unreadable'),
  'items of null that are counted': at([...RESULT, 'items'], to(null), 'unreadable'),
  'items that are all texts': at(
    [...RESULT, 'items'],
    (items) => listOf(items).map((item) => JSON.stringify(item)),
    'unreadable',
  ),
  HTML: { body: () => Buffer.from('<html>'), outcome: 'unreadable' },
  "another call's tag": at([...TASK, 'data', 'tag'], to('job_x.1.1'), 'lost'),
  'the echo of other targets': at(
    [...TASK, 'data'],
    to({ target: 'other.example', targets: ['other.example'] }),
    'lost',
  ),
};

export const DEVIATIONS: readonly Deviation[] = Object.entries(FORMS).map(([name, form]) => ({ name, ...form }));
