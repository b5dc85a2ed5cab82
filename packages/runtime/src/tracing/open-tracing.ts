import type { Note, Tracing, TracingOptions } from './tracing.js';

const noNote: Note = () => undefined;

export const NO_TRACING: Tracing = {
  isOn: false,
  begin: (_name, _facts, work) => work(noNote),
  follow: (_trace, _step, work) => work(noNote),
  step: (_name, work) => work(noNote),
  current: () => null,
  close: () => Promise.resolve(),
};

/** OpenTelemetry is loaded only if there is a collector, so that it costs nothing otherwise. */
export async function openTracing({ collector, ...options }: TracingOptions): Promise<Tracing> {
  if (collector === null) return NO_TRACING;
  const { traceTo } = await import('./open-telemetry.js');
  return traceTo(collector, options);
}
