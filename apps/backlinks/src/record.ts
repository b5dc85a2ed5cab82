import { type Nanos, usdOf } from '@linkhaul/schemas';
import { createRollingWindow } from './rolling-window.js';

/** One request as it was seen. What never happened is null: a dropped one has no answer, a refused one no task. */
export interface RecordedRequest {
  readonly at: string;
  answered_at: string | null;
  readonly path: string;
  tag: string | null;
  /** Requests not answered yet as it arrived, itself and refused ones included. */
  readonly in_flight: number;
  /** Requests that arrived in the 60 s before it, itself and refused ones included. */
  readonly rolling_minute: number;
  http_status: number | null;
  status_code: number | null;
  task_status_code: number | null;
  cost_usd: number;
  items: number;
}

/** A witness: it counts what arrives by itself, whatever the limits decided. */
export interface RequestRecord {
  arrive(path: string): RecordedRequest;
  charge(request: RecordedRequest, nanos: Nanos): void;
  /** The request is over, answered or dropped. */
  end(request: RecordedRequest): void;
  report(): { requests: readonly RecordedRequest[]; totals: Totals };
  clear(): void;
}

interface Totals {
  readonly requests: number;
  readonly charged: number;
  readonly cost_usd: number;
  readonly max_in_flight: number;
  readonly max_rolling_minute: number;
}

export function createRecord(now: () => number): RequestRecord {
  const minute = createRollingWindow(60_000);
  let requests: RecordedRequest[] = [];
  let open = 0;
  let charged = 0;
  let nanosCharged: Nanos = 0;
  return {
    arrive: (path) => {
      const at = now();
      minute.add(at);
      open++;
      const request: RecordedRequest = {
        at: new Date(at).toISOString(),
        answered_at: null,
        path,
        tag: null,
        in_flight: open,
        rolling_minute: minute.count(at),
        http_status: null,
        status_code: null,
        task_status_code: null,
        cost_usd: 0,
        items: 0,
      };
      requests.push(request);
      return request;
    },
    charge: (request, nanos) => {
      if (nanos === 0) return;
      request.cost_usd = usdOf(nanos);
      charged++;
      nanosCharged += nanos;
    },
    end: (request) => {
      open--;
      if (request.http_status !== null) request.answered_at = new Date(now()).toISOString();
    },
    report: () => ({
      requests,
      totals: {
        requests: requests.length,
        charged,
        cost_usd: usdOf(nanosCharged),
        max_in_flight: requests.reduce((most, request) => Math.max(most, request.in_flight), 0),
        max_rolling_minute: requests.reduce((most, request) => Math.max(most, request.rolling_minute), 0),
      },
    }),
    clear: () => {
      requests = [];
      minute.clear();
      charged = 0;
      nanosCharged = 0;
    },
  };
}
