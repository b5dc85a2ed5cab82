import { createCounter, createHistogram, type Family, type Vitals } from '@linkhaul/runtime';

interface MeasuredRequest {
  readonly method: string;
  /** The pattern of the route, such as `/v1/jobs/:id`. */
  readonly route: string;
  readonly status: number;
  /** From the request's arrival until its answer begins. */
  readonly seconds: number;
}

/** The counts of this process. Those that all processes share are read from Redis: see shared-metrics.ts. */
export interface ApiMetrics {
  answered(request: MeasuredRequest): void;
  families(): Family[];
}

/** Buckets go up to a minute, since `wait_ms` may delay an answer by 50 s. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export function createApiMetrics(vitals: Vitals): ApiMetrics {
  const requests = createCounter<'method' | 'route' | 'status'>(
    { name: 'linkhaul_http_requests_total', help: 'Requests that were answered.' },
    [],
  );
  const durations = createHistogram<'method' | 'route'>(
    { name: 'linkhaul_http_request_duration_seconds', help: 'From the request to the beginning of its answer.' },
    SECONDS,
  );
  return {
    answered({ method, route, status, seconds }) {
      requests.add({ method, route, status: String(status) });
      durations.observe({ method, route }, seconds);
    },
    families: () => [requests.family(), durations.family(), ...vitals.families()],
  };
}
