import { type Nanos, usdOf } from '@linkhaul/schemas';
import type { RecordedRequest } from './recorded-request.js';

/** Sums over all requests, including those that the record no longer keeps. */
export interface Totals {
  requests: number;
  charged: number;
  cost_usd: number;
  items: number;
  open: number;
  max_in_flight: number;
  max_rolling_minute: number;
  /** Ended requests by their answer: the task's code, else the envelope's, else `http_…`, else `none`. */
  codes: Record<string, number>;
}

export function createTotals() {
  let nanosCharged: Nanos = 0;
  let sums = noSums();
  return {
    arrive: (request: RecordedRequest) => {
      sums.requests++;
      sums.max_in_flight = Math.max(sums.max_in_flight, request.in_flight);
      sums.max_rolling_minute = Math.max(sums.max_rolling_minute, request.rolling_minute);
    },
    charge: (request: RecordedRequest, nanos: Nanos) => {
      if (nanos === 0) return;
      sums.charged++;
      sums.items += request.items;
      nanosCharged += nanos;
    },
    end: (request: RecordedRequest) => {
      const code = toldOf(request);
      sums.codes[code] = (sums.codes[code] ?? 0) + 1;
    },
    read: (): Omit<Totals, 'open'> => ({ ...sums, codes: { ...sums.codes }, cost_usd: usdOf(nanosCharged) }),
    clear: () => {
      sums = noSums();
      nanosCharged = 0;
    },
  };
}

function noSums(): Omit<Totals, 'open' | 'cost_usd'> {
  return { requests: 0, charged: 0, items: 0, max_in_flight: 0, max_rolling_minute: 0, codes: {} };
}

function toldOf({ task_status_code, status_code, http_status }: RecordedRequest): string {
  if (http_status === null) return 'none';
  return String(task_status_code ?? status_code ?? `http_${http_status}`);
}
