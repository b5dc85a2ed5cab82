import { z } from 'zod';
import type { TracingOptions } from './tracing.js';

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const headers = z.string().transform((text, ctx): Record<string, string> => {
  const pairs = text.split(',').map((pair) => /^\s*([\w.-]+)=(.*?)\s*$/.exec(pair));
  if (pairs.every((pair) => pair !== null)) {
    return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, decoded(value)]));
  }
  ctx.addIssue('must be name=value, separated by commas');
  return z.NEVER;
});

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The variables of OpenTelemetry's specification that are used. Its library reads the sampler itself, so it is only checked here. */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headers.optional(),
  OTEL_TRACES_SAMPLER: z.enum(SAMPLERS).optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).optional(),
};

interface TracingEnv {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_HEADERS?: Readonly<Record<string, string>> | undefined;
}

export function tracingOf(env: TracingEnv): Pick<TracingOptions, 'collector' | 'headers'> {
  return { collector: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null, headers: env.OTEL_EXPORTER_OTLP_HEADERS ?? {} };
}
