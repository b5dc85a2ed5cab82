import { expect, test } from 'vitest';
import { createTurns } from '../../src/permit/turns.js';

interface Waiting {
  readonly job: { readonly tenant: string; readonly id: string };
}

const waiting = (tenant: string, id: string): Waiting => ({ job: { tenant, id } });

/** Serves a number of waiters, and lets one more come after each. */
function serve(line: Waiting[], count: number, comes: (at: number) => Waiting): string[] {
  const turns = createTurns<Waiting>();
  return Array.from({ length: count }, (_, at) => {
    const next = turns.next(line);
    if (next === undefined) throw new Error('nobody waits');
    line.splice(line.indexOf(next), 1);
    turns.served(next, line);
    line.push(comes(at));
    return next.job.tenant;
  });
}

test('many jobs of one tenant do not pass the one job of another', () => {
  const line = [
    ...Array.from({ length: 36 }, (_, at) => waiting('many', `first-${at}`)),
    ...Array.from({ length: 10 }, () => waiting('one', 'large')),
  ];
  const order = serve(line, 20, (at) => waiting('many', `later-${at}`));
  expect(order.filter((tenant) => tenant === 'one')).toHaveLength(10);
  expect(order.slice(0, 4)).toEqual(['many', 'one', 'many', 'one']);
});

test('within a tenant its jobs go round, and the calls of each in the order of their coming', () => {
  const [first, second, third] = [waiting('one', 'a'), waiting('one', 'a'), waiting('one', 'b')];
  const turns = createTurns<Waiting>();
  expect(turns.next([first, second, third])).toBe(first);
  turns.served(first, [second, third]);
  expect(turns.next([second, third])).toBe(third);
  turns.served(third, [second]);
  expect(turns.next([second])).toBe(second);
});
