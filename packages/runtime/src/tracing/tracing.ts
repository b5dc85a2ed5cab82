import type { Logger } from '../logger.js';

/** What a span shows. Never targets, keys, secrets or addresses, because spans leave this system. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** Adds facts that are known only when the work is done. */
export type Note = (facts: SpanFacts) => void;

type Work<T> = (note: Note) => Promise<T>;

/** Records steps as OpenTelemetry spans. If tracing is off, it only does the work. */
export interface Tracing {
  readonly isOn: boolean;
  /** A step that begins a trace. */
  begin<T>(name: string, facts: SpanFacts, work: Work<T>): Promise<T>;
  /** A step of a trace that another process began. `trace`: the value of `current` there; without it nothing is recorded. */
  follow<T>(trace: string | undefined, step: { name: string; facts: SpanFacts }, work: Work<T>): Promise<T>;
  /** A step within the present one. Without a present step nothing is recorded. */
  step<T>(name: string, work: Work<T>): Promise<T>;
  /** The present step, as text that other processes can follow. Null if nothing is recorded. */
  current(): string | null;
  /** Sends what has not been sent yet. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** The name under which a tracing system shows the process. */
  readonly service: string;
  /** The base address of an OTLP/HTTP collector. Null: off. */
  readonly collector: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly logger: Logger;
}
