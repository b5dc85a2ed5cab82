/** One request as it was observed. Fields that do not apply are null: a dropped request has no answer, a refused one no task. */
export interface RecordedRequest {
  /** From 1 on, in the order of arrival. */
  readonly n: number;
  readonly at: string;
  /** When the whole answer had been sent. */
  answered_at: string | null;
  /** When the answer had been sent or the connection had closed, and the call had run to its end. */
  ended_at: string | null;
  readonly path: string;
  endpoint: string | null;
  tag: string | null;
  targets: number;
  task_id: string | null;
  /** The kind of the fault that was applied to it. */
  fault: string | null;
  /** Requests that were not answered yet when it arrived, including itself and refused ones. */
  readonly in_flight: number;
  /** Requests that arrived in the 60 s before it, including itself and refused ones. */
  readonly rolling_minute: number;
  http_status: number | null;
  status_code: number | null;
  task_status_code: number | null;
  cost_usd: number;
  items: number;
}
