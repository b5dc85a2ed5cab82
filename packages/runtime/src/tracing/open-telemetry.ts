import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Context,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger.js';
import type { Note, SpanFacts, Tracing, TracingOptions } from './tracing.js';

/** A collector that does not answer must not hold up the end of a process. */
const CLOSE_WITHIN_MS = 2_000;
const NOT_TAKEN = 'the collector of traces does not take them';
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The SDK itself reads `OTEL_TRACES_SAMPLER` and `OTEL_BSP_*`. */
export function traceTo(
  collector: string,
  { service, headers, logger }: Pick<TracingOptions, 'service' | 'headers' | 'logger'>,
): Tracing {
  reportTo(logger);
  const exporter = new OTLPTraceExporter({
    url: `${collector.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
  });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  return tracingBy(provider.getTracer('linkhaul'), async () => {
    const tooLate = sleep(CLOSE_WITHIN_MS, false);
    const sent = await Promise.race([provider.shutdown().then(() => true), tooLate]).catch(() => false);
    if (!sent) logger.warn(NOT_TAKEN);
    diag.disable();
  });
}

function tracingBy(tracer: Tracer, close: () => Promise<void>): Tracing {
  const active = new AsyncLocalStorage<Span>();
  const run = async <T>(span: Span, work: (note: Note) => Promise<T>): Promise<T> => {
    try {
      return await active.run(span, () => work((facts) => void span.setAttributes(facts)));
    } catch (error) {
      // Not its message, which may hold what must not leave this system.
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', error instanceof Error ? error.name : typeof error);
      throw error;
    } finally {
      span.end();
    }
  };
  const start = (name: string, attributes: SpanFacts, parent: Context) =>
    tracer.startSpan(name, { attributes }, parent);
  return {
    isOn: true,
    begin: (name, facts, work) => run(start(name, facts, ROOT_CONTEXT), work),
    async follow(text, { name, facts }, work) {
      const before = contextOf(text);
      if (before === null) return work(() => undefined);
      return run(start(name, facts, trace.setSpanContext(ROOT_CONTEXT, before)), work);
    },
    async step(name, work) {
      const within = active.getStore();
      if (within === undefined) return work(() => undefined);
      return run(start(name, {}, trace.setSpan(ROOT_CONTEXT, within)), work);
    },
    current() {
      const span = active.getStore();
      return span?.isRecording() ? textOf(span.spanContext()) : null;
    },
    close,
  };
}

function textOf({ traceId, spanId }: SpanContext): string {
  return `00-${traceId}-${spanId}-01`;
}

function contextOf(text: string | undefined): SpanContext | null {
  const [, traceId, spanId] = TRACEPARENT.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return null;
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

/** Logs that spans could not be sent, which is all that can go wrong. */
function reportTo(logger: Logger): void {
  const nothing = () => undefined;
  const error = () => logger.warn(NOT_TAKEN);
  diag.setLogger(
    { error, warn: nothing, info: nothing, debug: nothing, verbose: nothing },
    { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
  );
}
