import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nanos } from './harness.js';
import { type KeptInstallation, openInstallation } from './kept-installation.js';
import { type Json, type RecordingUpstream, startRecordingUpstream } from './recording-upstream.js';

const seconds = (time: unknown) => Date.parse(String(time).replace(' +', '+')) / 1000;

type Forms = readonly (readonly [form: string, write: (entry: Json) => unknown])[];

/** Forms in which an upstream may write an entry of its record. */
const PRICED: Forms = [
  ['as it is', (entry) => entry],
  ['status as a number', (entry) => ({ ...entry, status: 20000 })],
  ['status as null', (entry) => ({ ...entry, status: null })],
  ['no status', ({ status: _, ...entry }) => entry],
  ['id as a number', (entry) => ({ ...entry, id: 7 })],
  ['id as null', (entry) => ({ ...entry, id: null })],
  ['cost as text', (entry) => ({ ...entry, cost: String(entry.cost) })],
  ['metadata as a list', (entry) => ({ ...entry, metadata: [entry.metadata] })],
  ['metadata by number', (entry) => ({ ...entry, metadata: { 0: entry.metadata } })],
  ['metadata as text', (entry) => ({ ...entry, metadata: JSON.stringify(entry.metadata) })],
  ['done in seconds', (entry) => ({ ...entry, datetime_done: seconds(entry.datetime_done) })],
  ['done in milliseconds', (entry) => ({ ...entry, datetime_done: seconds(entry.datetime_done) * 1000 })],
  ['posted in seconds', (entry) => ({ ...entry, datetime_posted: seconds(entry.datetime_posted) })],
  ['no end', ({ datetime_done: _, ...entry }) => entry],
  ['no times', ({ datetime_done: _, datetime_posted: __, ...entry }) => entry],
  ['an end of no sense', (entry) => ({ ...entry, datetime_done: true })],
  ['no URL', ({ url: _, ...entry }) => entry],
  ['more fields', (entry) => ({ ...entry, time: 0.1, more: [{}] })],
];

const UNPRICED: Forms = [
  ['cost as null', (entry) => ({ ...entry, cost: null })],
  ['no cost', ({ cost: _, ...entry }) => entry],
  ['an empty cost', (entry) => ({ ...entry, cost: '' })],
];

const FORMS = [...PRICED, ...UNPRICED];

let upstream: RecordingUpstream;
let installation: KeptInstallation;
let stack: Awaited<ReturnType<KeptInstallation['start']>>;

beforeAll(async () => {
  // The number in a target selects the form of its entry. The first answer of each call is lost.
  upstream = await startRecordingUpstream(
    (response, answer, { tag }) => {
      if (tag.split('.')[2] === '1') response.destroy();
      else response.end(JSON.stringify(answer));
    },
    {
      writeEntry(entry, { target, targets }) {
        const number = /^d(\d+)\./.exec(target ?? targets?.[0] ?? '')?.[1];
        return FORMS[Number(number)]?.[1](entry);
      },
    },
  );
  installation = await openInstallation(upstream.url);
  stack = await installation.start({ workers: 1 });
});

afterAll(async () => {
  await installation.close();
  upstream.close();
});

// A few at a time: an upstream whose answers are all lost would be taken for one that is down.
describe.concurrent('an upstream that writes its record in its own way', () => {
  it.concurrent.each(FORMS.map(([form], number) => ({ form, number })))(
    'has lost answers found in it, and each call bought once more: $form',
    async ({ number }) => {
      const endpoint = number % 2 === 0 ? 'bulk_backlinks' : 'referring_domains';
      const { id } = await stack.client.submit({ endpoint }, [`d${number}.com`]);
      const { outcome, calls, cost } = await stack.client.waitFor(id);
      const bought = upstream.calls.filter(({ task }) => task.tag.startsWith(`${id}.`));
      const [first = 0, second = 0] = bought.map(({ nanos }) => nanos);
      const found = { outcome, attempts: calls.attempts, bought: bought.length };
      expect(found).toEqual({ outcome: 'complete', attempts: 2, bought: 2 });
      const isPriced = number < PRICED.length;
      expect(nanos(cost.spent_usd)).toBe(isPriced ? first + second : second);
      expect(nanos(cost.wasted_usd)).toBe(isPriced ? first : 0);
      if (isPriced) expect(cost.unconfirmed_usd).toBe(0);
      else expect(nanos(cost.unconfirmed_usd)).toBeGreaterThanOrEqual(first);
    },
  );
});
