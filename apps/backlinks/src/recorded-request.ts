/** One request as it was seen. What never happened is null: a dropped one has no answer, a refused one no task. */
export interface RecordedRequest {
  /** From 1 on, in the order of arrival. */
  readonly n: number;
  readonly at: string;
  /** When the whole answer had left. */
  answered_at: string | null;
  /** When the answer had left or the connection had gone, and the call had run to its end. */
  ended_at: string | null;
  readonly path: string;
  endpoint: string | null;
  tag: string | null;
  targets: number;
  task_id: string | null;
  /** The kind of the fault that it met. */
  fault: string | null;
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
