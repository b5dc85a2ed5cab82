import { expect, test } from 'vitest';
import { type Screen, showProgress } from '../src/demo/progress.js';
import { formatTable, formatUsd } from '../src/demo/table.js';

function recorder(isTTY: boolean): Screen & { text: string } {
  return {
    isTTY,
    columns: 70,
    text: '',
    write(chunk) {
      this.text += chunk;
    },
  };
}

test('a terminal shows every bar, redrawn in place and never wider than it is', () => {
  const screen = recorder(true);
  const show = showProgress(screen, ['one', 'second']);
  show({ label: 'second', done: 600, total: 1200, waits: null });
  const frame = screen.text.slice(screen.text.lastIndexOf('\u001b[A'));
  expect(screen.text.split('\u001b[A')).toHaveLength(3);
  expect(frame).toContain(`second  ${'█'.repeat(12)}${'░'.repeat(12)}   50 %  600 of 1,200 rows`);
  for (const line of screen.text.split('\n')) expect(line.replace('\u001b[2K', '').length).toBeLessThanOrEqual(81);
});

test('other outputs get a plain line at each quarter', () => {
  const screen = recorder(false);
  const show = showProgress(screen, ['one', 'second']);
  for (const done of [0, 10, 25, 30, 80, 99, 100, 100]) show({ label: 'one', done, total: 100, waits: null });
  expect(screen.text.split('\n')).toEqual([
    '  one      25 %  25 of 100 rows',
    '  one      80 %  80 of 100 rows',
    '  one     100 %  100 of 100 rows',
    '',
  ]);
});

test('a job that stands still says why, once for each reason', () => {
  const waits = 'No worker has been alive since 2026-11-29T11:00:00Z.';
  const [terminal, log] = [recorder(true), recorder(false)];
  for (const screen of [terminal, log]) {
    const show = showProgress(screen, ['one']);
    for (const why of [null, waits, waits]) show({ label: 'one', done: 0, total: 100, waits: why });
  }
  expect(terminal.text).toContain('0 %  No worker has been alive');
  expect(log.text).toBe(`  one  waits: ${waits}\n`);
});

test('a table lines up its columns', () => {
  const table = formatTable(
    ['name', 'cost'],
    [
      ['a', formatUsd(0)],
      ['long name', formatUsd(12.5)],
    ],
  );
  expect(table.split('\n')).toEqual([
    '  name            cost',
    '  ─────────   ────────',
    '  a            $0.0000',
    '  long name   $12.5000',
  ]);
});
