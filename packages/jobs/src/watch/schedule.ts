import { durationMs, type Schedule } from '@linkhaul/schemas';
import { Cron } from 'croner';

/** `impossible`: no such time ever comes. `too_often`: two ticks are less than five minutes apart. */
export type ScheduleFault = 'cron' | 'time_zone' | 'impossible' | 'too_often';

const LEAST_MS = 5 * 60_000;
/** Enough ticks to meet the two that are closest: a day at the shortest distance that is allowed, and more. */
const TICKS_JUDGED = 400;
/** Daylight saving changes a clock by two hours at most, so that a repeated local time is not older than that. */
const LONGEST_SHIFT_MS = 3 * 3_600_000;

/** Null if the schedule can be kept. */
export function faultOf(schedule: Schedule): ScheduleFault | null {
  if ('every' in schedule) return shortestInterval(schedule) < LEAST_MS ? 'too_often' : null;
  // Nicknames such as @daily are no five fields.
  if (schedule.cron.trim().split(/\s+/).length !== 5) return 'cron';
  if (!isTimeZone(schedule.time_zone)) return 'time_zone';
  try {
    if (cronOf(schedule).nextRun() === null) return 'impossible';
    return shortestInterval(schedule) < LEAST_MS ? 'too_often' : null;
  } catch {
    return 'cron';
  }
}

/** The shortest time between two ticks, in ms. Infinity if there is one tick at most. */
export function shortestInterval(schedule: Schedule): number {
  if ('every' in schedule) return durationMs(schedule.every) ?? 0;
  const ticks = cronOf(schedule).nextRuns(TICKS_JUDGED);
  const after = (tick: Date, at: number) => tick.getTime() - (ticks[at - 1]?.getTime() ?? Number.NEGATIVE_INFINITY);
  return Math.min(...ticks.map(after));
}

/**
 * The first tick after a time; ms since the epoch. `anchor`: from when an interval is counted. Null if there is none any
 * more. Croner takes the first instant after a local time that daylight saving skips.
 */
export function nextTick(schedule: Schedule, after: number, anchor: number): number | null {
  if ('every' in schedule) {
    const every = durationMs(schedule.every) ?? Number.POSITIVE_INFINITY;
    return anchor + (Math.max(0, Math.floor((after - anchor) / every)) + 1) * every;
  }
  const cron = cronOf(schedule);
  const offsetAt = offsets(schedule.time_zone);
  let tick = cron.nextRun(new Date(after));
  while (tick !== null && comesAgain(tick.getTime(), offsetAt)) tick = cron.nextRun(tick);
  return tick?.getTime() ?? null;
}

function cronOf({ cron, time_zone: timezone }: Extract<Schedule, { cron: string }>): Cron {
  return new Cron(cron, { timezone, mode: '5-part', paused: true });
}

/** Whether the local time of an instant came once already, before the clocks went back. */
function comesAgain(at: number, offsetAt: (ms: number) => number): boolean {
  const by = offsetAt(at - LONGEST_SHIFT_MS) - offsetAt(at);
  return by > 0 && offsetAt(at - by) - offsetAt(at) === by;
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** How far the local time of a zone is ahead of UTC, in ms. */
function offsets(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (ms) => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return local - Math.floor(ms / 1000) * 1000;
  };
}
