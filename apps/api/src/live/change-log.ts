/** The position of a job's event. */
interface Place {
  readonly id: string;
  readonly position: number;
}

interface Entry extends Place {
  readonly state: string;
  readonly bytes: Uint8Array;
}

/** A state of a job. Two equal states in a row make one event. `bytesAt` makes the event for its position. */
interface JobState {
  readonly id: string;
  readonly state: string;
  bytesAt(position: number): Uint8Array;
}

interface Bounds {
  readonly jobs: number;
  readonly bytes: number;
}

/** The newest event of each job that changed recently, in order. Each listener has a position in the log. */
export interface ChangeLog {
  /** The position of the last event. */
  end(): number;
  /** Adds an event at the end. False, without an event, if the job's last event has the same state. */
  tell(change: JobState): boolean;
  /** Forgets all events after changes may have been missed: every listener must begin again. */
  breakOff(): void;
  /** The first event after a position; null at the end; `missed` if events after it were dropped. */
  after(position: number): Entry | 'missed' | null;
}

export function createChangeLog(bounds: Bounds): ChangeLog {
  const newest = new Map<string, Entry>();
  /** May still have places of events that a newer event of their job has replaced: only the newest keep their bytes. */
  let order: Place[] = [];
  let [end, lostTo, bytes] = [0, 0, 0];
  const drop = (entry: Entry) => {
    newest.delete(entry.id);
    bytes -= entry.bytes.length;
  };
  const trim = () => {
    for (const entry of newest.values()) {
      if (newest.size === 1 || (newest.size <= bounds.jobs && bytes <= bounds.bytes)) break;
      drop(entry);
      lostTo = entry.position;
    }
    if (order.length > 2 * newest.size + 16) order = [...newest.values()].map(placeOf);
  };
  return {
    end: () => end,
    tell({ id, state, bytesAt }) {
      const last = newest.get(id);
      if (last?.state === state) return false;
      if (last !== undefined) drop(last);
      end += 1;
      const entry = { id, state, position: end, bytes: bytesAt(end) };
      newest.set(id, entry);
      order.push(placeOf(entry));
      bytes += entry.bytes.length;
      trim();
      return true;
    },
    breakOff() {
      newest.clear();
      order = [];
      bytes = 0;
      end += 1;
      lostTo = end;
    },
    after(position) {
      if (position < lostTo) return 'missed';
      for (let at = firstAfter(order, position); at < order.length; at++) {
        const entry = newest.get(order[at]?.id ?? '');
        if (entry !== undefined && entry.position === order[at]?.position) return entry;
      }
      return null;
    },
  };
}

function placeOf({ id, position }: Place): Place {
  return { id, position };
}

/** The index of the first place after a position. */
function firstAfter(order: readonly Place[], position: number): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle]?.position ?? 0) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}
