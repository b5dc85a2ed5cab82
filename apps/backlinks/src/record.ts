import { type Nanos, usdOf } from '@linkhaul/schemas';
import type { RecordedRequest } from './recorded-request.js';
import { createRollingLog } from './rolling-log.js';
import { createRollingWindow } from './rolling-window.js';
import { createTotals, type Totals } from './totals.js';

/** A witness of all requests: it counts them by itself, whatever the limits decided. */
export interface RequestRecord {
  arrive(path: string): RecordedRequest;
  charge(request: RecordedRequest, nanos: Nanos): void;
  /** Whether the request arrived after the last `clear` and has not ended. */
  isOpen(request: RecordedRequest): boolean;
  /** Ends the request. `answered` is whether its whole answer was sent. */
  end(request: RecordedRequest, answered: boolean): void;
  /** A page of the requests that are kept, and the totals over all requests. */
  report(since: number, limit: number): Report;
  clear(): void;
}

interface Report {
  readonly requests: readonly RecordedRequest[];
  /** The `since` of the next page. */
  readonly next: number;
  readonly totals: Totals;
}

export function createRecord(settings: { readonly record_kept: number }, now: () => number): RequestRecord {
  const minute = createRollingWindow(60_000);
  const log = createRollingLog<RecordedRequest>(() => settings.record_kept);
  const totals = createTotals();
  let open = new Set<RecordedRequest>();
  /** Requests that were open at the last `clear`: they are still in flight, but no longer in the record. */
  let strays = 0;
  return {
    arrive: (path) => {
      const at = now();
      minute.add(at);
      const inFlight = open.size + strays + 1;
      const request = newRequest({
        n: log.count() + 1,
        at,
        path,
        in_flight: inFlight,
        rolling_minute: minute.count(at),
      });
      open.add(request);
      log.push(request);
      totals.arrive(request);
      return request;
    },
    charge: (request, nanos) => {
      if (!open.has(request)) return;
      request.cost_usd = usdOf(nanos);
      totals.charge(request, nanos);
    },
    isOpen: (request) => open.has(request),
    end: (request, answered) => {
      if (!open.delete(request)) {
        strays--;
        return;
      }
      request.ended_at = new Date(now()).toISOString();
      if (answered && request.http_status !== null) request.answered_at = request.ended_at;
      totals.end(request);
    },
    report: (since, limit) => {
      const { entries, last } = log.after(since, limit);
      return { requests: entries, next: last, totals: { ...totals.read(), open: open.size + strays } };
    },
    clear: () => {
      strays += open.size;
      open = new Set();
      log.clear();
      minute.clear();
      totals.clear();
    },
  };
}

/** Written out, because objects made by spreading take three times as much memory. */
function newRequest(seen: { n: number; at: number; path: string; in_flight: number; rolling_minute: number }) {
  const request: RecordedRequest = {
    n: seen.n,
    at: new Date(seen.at).toISOString(),
    answered_at: null,
    ended_at: null,
    path: seen.path,
    endpoint: null,
    tag: null,
    targets: 0,
    task_id: null,
    fault: null,
    in_flight: seen.in_flight,
    rolling_minute: seen.rolling_minute,
    http_status: null,
    status_code: null,
    task_status_code: null,
    cost_usd: 0,
    items: 0,
  };
  return request;
}
