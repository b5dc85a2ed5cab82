import type { Schedule } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowTries } from '../../../../e2e/env.js';
import { faultOf, nextTick } from '../../src/watch/schedule.js';

/** The next ticks, in UTC, to a minute. */
function ticksOf(schedule: Schedule, from: string, count: number): string[] {
  const ticks: string[] = [];
  for (let at = Date.parse(from); ticks.length < count; ) {
    at = nextTick(schedule, at, Date.parse('2026-01-01T00:00:00Z')) ?? Number.NaN;
    ticks.push(new Date(at).toISOString().slice(0, 16));
  }
  return ticks;
}

const berlin = (cron: string): Schedule => ({ cron, time_zone: 'Europe/Berlin' });

describe('where the clocks go forward', () => {
  it('the first instant after a missing local time counts', () => {
    expect(ticksOf(berlin('30 2 * * *'), '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30',
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
    const lordHowe: Schedule = { cron: '15 2 * * *', time_zone: 'Australia/Lord_Howe' };
    expect(ticksOf(lordHowe, '2026-10-03T00:00:00Z', 2)).toEqual(['2026-10-03T15:30', '2026-10-04T15:15']);
  });

  it('a missing local time and the one after it are one tick', () => {
    expect(ticksOf(berlin('0 2,3 * * *'), '2026-03-28T22:00:00Z', 2)).toEqual(['2026-03-29T01:00', '2026-03-30T00:00']);
  });

  it('a day that begins at one o’clock has its midnight then', () => {
    const midnight: Schedule = { cron: '0 0 * * *', time_zone: 'America/Sao_Paulo' };
    expect(ticksOf(midnight, '2018-11-03T12:00:00Z', 2)).toEqual(['2018-11-04T03:00', '2018-11-05T02:00']);
  });
});

describe('where the clocks go back', () => {
  it('a local time that comes twice counts once, the first time', () => {
    expect(ticksOf(berlin('30 2 * * *'), '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
    // 02:00 and 02:30 come again at 01:00 and 01:30 UTC.
    expect(ticksOf(berlin('*/30 * * * *'), '2026-10-24T23:30:00Z', 4)).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T00:30',
      '2026-10-25T02:00',
      '2026-10-25T02:30',
    ]);
  });
});

it('no local time of a cron comes twice in a year, in any zone', () => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Santiago', 'UTC'];
  const local = (zone: string) => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    return (ms: number) => format.format(ms);
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.nat(59),
      fc.constantFrom('*', '0-3', '*/2', '1'),
      (zone, minute, hour) => {
        const textOf = local(zone);
        const schedule: Schedule = { cron: `${minute} ${hour} * * *`, time_zone: zone };
        const seen = new Set<string>();
        let last = 0;
        for (let at = Date.UTC(2026, 0, 1), count = 0; count < 250; count++) {
          at = nextTick(schedule, at, 0) ?? Number.NaN;
          expect(at).toBeGreaterThan(last);
          expect(seen).not.toContain(textOf(at));
          seen.add(textOf(at));
          last = at;
        }
      },
    ),
    { numRuns: slowTries(6) },
  );
});

it('an interval is counted from when the watch was made, whatever was missed', () => {
  const weekly: Schedule = { every: '7d' };
  expect(ticksOf(weekly, '2026-01-01T00:00:00Z', 2)).toEqual(['2026-01-08T00:00', '2026-01-15T00:00']);
  expect(ticksOf(weekly, '2026-02-03T12:34:56Z', 1)).toEqual(['2026-02-05T00:00']);
  // A clock that went back makes no tick before the first.
  expect(ticksOf({ every: 'PT12H' }, '2025-12-30T00:00:00Z', 1)).toEqual(['2026-01-01T12:00']);
});

describe('a schedule that cannot be kept is told by its fault', () => {
  it.each([
    ['* * * * *', 'too_often'],
    ['0,3 6 * * *', 'too_often'],
    ['58,0 * * * *', 'too_often'],
    ['0,58 0,23 * * *', 'too_often'],
    ['*/5 * * * *', null],
    ['0 6 * * 1', null],
    ['0 0 29 2 *', null],
    ['0 0 30 2 *', 'impossible'],
    ['0 0 31 4 *', 'impossible'],
    ['61 * * * *', 'cron'],
    ['0 6 * *', 'cron'],
    ['0 0 6 * * *', 'cron'],
    ['@daily', 'cron'],
    ['a b c d e', 'cron'],
  ])('%s', (cron, fault) => {
    expect(faultOf({ cron, time_zone: 'Europe/Berlin' })).toBe(fault);
  });

  it('zones and intervals', () => {
    expect(faultOf({ cron: '0 6 * * *', time_zone: 'Mars/Olympus' })).toBe('time_zone');
    expect(faultOf({ every: '4m' })).toBe('too_often');
    expect(faultOf({ every: '5m' })).toBe(null);
  });
});
