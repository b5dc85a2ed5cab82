import { faultOf, type ScheduleFault, shortestInterval } from '@linkhaul/jobs';
import { isNumeric } from '@linkhaul/results';
import { type AlertRule, durationMs, type EndpointName, type Schedule, type WatchChange } from '@linkhaul/schemas';
import { parseField } from '../diff/fields.js';
import { type ApiProblem, invalidRequest } from '../problem.js';
import { type FieldSource, pointTo } from '../request/pointers.js';

const FAULTS: Readonly<Record<ScheduleFault, readonly [field: string, says: string]>> = {
  cron: ['cron', 'must be five fields: minute, hour, day of the month, month, day of the week, such as `0 6 * * 1`'],
  time_zone: ['time_zone', 'must be the name of a time zone, such as `Europe/Berlin`'],
  impossible: ['cron', 'names a time that never comes: no month has such a day'],
  too_often: ['cron', 'comes more often than every five minutes: the shortest time between two runs'],
};

/** Refuses a watch that could never work. */
export function judgeWatch(watch: WatchChange, source: FieldSource): void {
  const { schedule, endpoint, alert } = watch;
  const fault = faultOf(schedule);
  if (fault !== null) throw faultySchedule(schedule, fault, source);
  judgeAge(watch, source);
  for (const [at, rule] of alert.entries()) judgeRule(rule, endpoint, pointTo(source, ['alert', String(at), 'field']));
}

/** A run that reuses the previous run's answers would never find a change. */
function judgeAge({ max_age: maxAge, schedule }: WatchChange, source: FieldSource): void {
  if (maxAge === undefined || (durationMs(maxAge) ?? 0) < shortestInterval(schedule)) return;
  throw invalidRequest(pointTo(source, ['max_age']), 'must be shorter than the time between two runs');
}

function faultySchedule(schedule: Schedule, fault: ScheduleFault, source: FieldSource): ApiProblem {
  const [field, says] = FAULTS[fault];
  return invalidRequest(pointTo(source, ['schedule', 'every' in schedule ? 'every' : field]), says);
}

/** A rule about a number needs a field, and the endpoint's items must have it. */
function judgeRule({ field, change }: AlertRule, endpoint: EndpointName, pointer: string): void {
  const isOfNumber = change === 'drop' || change === 'rise';
  if (field === undefined && isOfNumber) throw invalidRequest(pointer, `is needed for \`${change}\``);
  if (field === undefined) return;
  const known = parseField(field, { endpoint, pointer });
  if (isOfNumber && !isNumeric(known)) throw invalidRequest(pointer, `must be a number for \`${change}\``);
}
