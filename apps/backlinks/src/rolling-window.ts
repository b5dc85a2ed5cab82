/** Counts the events of the last stretch of time. Times must not decrease. */
export interface RollingWindow {
  add(atMs: number): void;
  count(atMs: number): number;
  /** How long until fewer than `limit` events are left, if none is added; for a limit of 0, the whole stretch. */
  untilBelow(limit: number, atMs: number): number;
  clear(): void;
}

export function createRollingWindow(lengthMs: number): RollingWindow {
  let times: number[] = [];
  let first = 0;
  const dropOlder = (atMs: number) => {
    while (first < times.length && (times[first] ?? 0) <= atMs - lengthMs) first++;
    // Dropped entries are cut off rarely, so that each event is moved only a few times.
    if (first > 1024 && first > times.length / 2) {
      times = times.slice(first);
      first = 0;
    }
  };
  return {
    add: (atMs) => {
      times.push(atMs);
    },
    count: (atMs) => {
      dropOlder(atMs);
      return times.length - first;
    },
    untilBelow: (limit, atMs) => {
      const last = limit === 0 ? atMs : (times[times.length - limit] ?? 0);
      return Math.max(0, last + lengthMs - atMs);
    },
    clear: () => {
      times = [];
      first = 0;
    },
  };
}
