import type { AlertRule, Change } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Compared } from '../src/diff/join.js';
import { summarise } from '../src/diff/summarise.js';

interface Row {
  readonly target: string;
  readonly before?: number | null;
  readonly after?: number | null;
  readonly change: Change['change'];
  readonly isInBoth?: boolean;
}

function compared({ target, before = null, after = null, change, isInBoth = true }: Row): Compared {
  const values = (value: number | null) => (value === null ? null : { backlinks: value });
  const about = { key: { target }, id: null, line: 1, input: target };
  return { change: { ...about, change, before: values(before), after: values(after), delta: null }, isInBoth };
}

async function* all(rows: readonly Row[]): AsyncGenerator<Compared> {
  for (const row of rows) yield compared(row);
}

const summaryOf = (rows: readonly Row[], ...rules: AlertRule[]) =>
  summarise(all(rows), { numbers: ['backlinks'], main: 'backlinks', rules });

const drop = (by?: number | string, scope: AlertRule['scope'] = 'row'): AlertRule => ({
  field: 'backlinks',
  change: 'drop',
  scope,
  ...(by !== undefined && { by }),
});

describe('totals', () => {
  it('compare only rows that are known in both runs, and the sum of the later run counts all that it knows', async () => {
    const { totals, total, counts } = await summaryOf([
      { target: 'same.com', before: 10, after: 10, change: 'same' },
      { target: 'less.com', before: 10, after: 4, change: 'changed' },
      { target: 'empty-now.com', before: 5, change: 'lost' },
      { target: 'not-empty-now.com', after: 3, change: 'new' },
      { target: 'failed.com', before: 1_000, change: 'unknown' },
      { target: 'failed-before.com', after: 1_000, change: 'unknown' },
      { target: 'not-asked-now.com', before: 1_000, change: 'removed', isInBoth: false },
      { target: 'not-asked-before.com', after: 1_000, change: 'new', isInBoth: false },
    ]);
    expect(totals).toEqual({ backlinks: { before: 25, after: 17 } });
    expect(total).toBe(1_017);
    expect(counts).toEqual({ new: 2, lost: 1, changed: 1, same: 1, unknown: 2, removed: 1 });
  });

  it('a run in which most rows failed makes no drop', async () => {
    const rows: Row[] = [
      { target: 'a.com', before: 10, after: 10, change: 'same' },
      ...Array.from({ length: 99 }, (_, at): Row => ({ target: `${at}.com`, before: 10, change: 'unknown' })),
    ];
    expect((await summaryOf(rows, drop(1, 'total'), drop('1%', 'total'), drop())).alerts).toEqual([]);
  });
});

describe('a rule', () => {
  const rows: Row[] = [
    { target: 'a.com', before: 100, after: 96, change: 'changed' },
    { target: 'b.com', before: 10, after: 9, change: 'changed' },
    { target: 'c.com', before: 10, after: 30, change: 'changed' },
    { target: 'd.com', before: 10, change: 'lost' },
    { target: 'e.com', after: 10, change: 'new' },
    { target: 'f.com', after: 10, change: 'new', isInBoth: false },
  ];
  const holds = async (rule: AlertRule) => (await summaryOf(rows, rule)).alerts[0]?.count ?? 0;

  it.each<[string, AlertRule, number]>([
    ['any drop', drop(), 2],
    ['a drop of 4', drop(4), 1],
    ['a drop of 5', drop(5), 0],
    ['a drop of 10 % of the row', drop('10%'), 1],
    ['a rise of 200 %', { ...drop('200%'), change: 'rise' }, 1],
    ['lost rows', { change: 'lost', scope: 'row' }, 1],
    ['two lost rows', { change: 'lost', scope: 'total', by: 2 }, 0],
    ['new rows, not those that were not asked for before', { change: 'new', scope: 'row' }, 1],
    ['a lost value', { field: 'backlinks', change: 'lost', scope: 'row' }, 1],
    // 130 before, 145 after.
    ['a rise of the total by 15', { ...drop(15, 'total'), change: 'rise' }, 1],
    ['a rise of the total by 16', { ...drop(16, 'total'), change: 'rise' }, 0],
    ['a drop of the total', drop(undefined, 'total'), 0],
  ])('%s', async (_, rule, count) => {
    expect(await holds(rule)).toBe(count);
  });

  it('names the largest of the rows that it holds for', async () => {
    const many = Array.from(
      { length: 30 },
      (_, at): Row => ({ target: `${at}.com`, before: 100, after: 100 - at, change: 'changed' }),
    );
    const [alert] = (await summaryOf(many, drop(1))).alerts;
    expect(alert?.count).toBe(29);
    expect(alert?.examples.map(({ key }) => key.target)).toEqual(
      Array.from({ length: 10 }, (_, at) => `${29 - at}.com`),
    );
  });
});

it('the largest changes are the largest of all, whatever their order', async () => {
  const row = fc.record({ before: fc.nat(1_000), after: fc.nat(1_000) });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (values) => {
      const rows = values.map((value, at): Row => ({ target: `${at}.com`, ...value, change: 'changed' }));
      const { largest } = await summaryOf(rows);
      const by = ({ before, after }: { before?: number; after?: number }) => Math.abs((after ?? 0) - (before ?? 0));
      const expected = values
        .map(by)
        .sort((a, b) => b - a)
        .slice(0, 10);
      expect(
        largest.map(({ before, after }) => by({ before: Number(before?.backlinks), after: Number(after?.backlinks) })),
      ).toEqual(expected);
    }),
  );
});
