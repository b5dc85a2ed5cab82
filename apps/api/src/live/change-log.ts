/** Where an event stands. */
interface Place {
  readonly id: string;
  readonly position: number;
}

interface Entry extends Place {
  readonly state: string;
  readonly bytes: Uint8Array;
}

/** What is told of a job: equal states are told once. `bytesAt` makes the event at its position. */
interface Telling {
  readonly id: string;
  readonly state: string;
  bytesAt(position: number): Uint8Array;
}

interface Bounds {
  readonly jobs: number;
  readonly bytes: number;
}

/** The newest event of each job that has changed of late, in order. Listeners stand at positions of it. */
export interface ChangeLog {
  /** The position of the last event. */
  end(): number;
  /** True where the state is another than the one told last, and now stands at the end. */
  tell(telling: Telling): boolean;
  /** Nobody knows what was missed: all listeners have. */
  breakOff(): void;
  /** The first event after a position; null at the end; `missed` where events after it are gone. */
  after(position: number): Entry | 'missed' | null;
}

export function createChangeLog(bounds: Bounds): ChangeLog {
  const newest = new Map<string, Entry>();
  /** With places of events that a later one of their job has replaced: only the newest keep their bytes. */
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
