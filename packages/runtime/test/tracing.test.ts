import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { z } from 'zod';
import { createLogger, NO_TRACING, openTracing, tracingOf, tracingSettings } from '../src/index.js';
import { startCollector } from './collector.js';

const logger = createLogger('test', 'silent');

async function openTraced() {
  const collector = await startCollector();
  onTestFinished(() => collector.close());
  const tracing = await openTracing({
    service: 'tested',
    logger,
    collector: `${collector.url}/`,
    headers: { authorization: 'Bearer of-the-collector' },
  });
  return { collector, tracing };
}

describe('tracing', () => {
  it('does the work and nothing else without a collector', async () => {
    const tracing = await openTracing({ service: 'tested', logger, collector: null, headers: {} });
    expect(tracing).toBe(NO_TRACING);
    const work = () => Promise.resolve(tracing.current());
    expect(await tracing.begin('a', {}, work)).toBeNull();
    expect(await tracing.step('b', work)).toBeNull();
    expect(await tracing.follow(undefined, { name: 'c', facts: {} }, work)).toBeNull();
  });

  it('makes one trace of the steps of two processes', async () => {
    const { collector, tracing } = await openTraced();
    const text = await tracing.begin('first', { rows: 3 }, async () => tracing.current());
    await tracing.follow(text ?? '', { name: 'second', facts: { call: 1 } }, async () => {
      await Promise.resolve();
      await tracing.step('third', async (note) => note({ isDone: true }));
    });
    await tracing.close();
    const [first, third, second] = collector.spans;
    expect(collector.spans.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['first', { rows: 3 }],
      ['third', { isDone: true }],
      ['second', { call: 1 }],
    ]);
    expect(first?.parentSpanId).toBeUndefined();
    expect(second?.parentSpanId).toBe(first?.spanId);
    expect(third?.parentSpanId).toBe(second?.spanId);
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(collector.spans.map(({ service }) => service))).toEqual(new Set(['tested']));
    expect(collector.paths).toEqual(['POST /v1/traces']);
    expect(collector.authorizations).toEqual(['Bearer of-the-collector']);
  });

  it('says of an error its kind, and never its message', async () => {
    const { collector, tracing } = await openTraced();
    const error = new TypeError('https://user:secret@host/path');
    await expect(tracing.begin('failing', {}, () => Promise.reject(error))).rejects.toBe(error);
    await tracing.close();
    expect(collector.spans).toMatchObject([
      { status: { code: 2 }, attributes: { 'error.type': 'TypeError' }, events: [] },
    ]);
    expect(JSON.stringify(collector.spans)).not.toContain('secret');
  });

  it('records no step that belongs to no trace', async () => {
    const { collector, tracing } = await openTraced();
    for (const trace of [undefined, '', '00-0-0-01', '01-'.concat('a'.repeat(32))]) {
      await tracing.follow(trace, { name: 'lost', facts: {} }, () => tracing.step('within', () => Promise.resolve()));
    }
    await tracing.close();
    expect(collector.spans).toEqual([]);
  });

  it('begins no trace that others would follow where the sampler leaves it out', async () => {
    vi.stubEnv('OTEL_TRACES_SAMPLER', 'always_off');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { collector, tracing } = await openTraced();
    expect(await tracing.begin('left out', {}, async () => tracing.current())).toBeNull();
    await tracing.close();
    expect(collector.spans).toEqual([]);
  });

  it('does the work and ends where the collector is away, and says so', async () => {
    const warned = vi.spyOn(logger, 'warn');
    const collector = await startCollector();
    collector.close();
    const tracing = await openTracing({ service: 'tested', logger, collector: collector.url, headers: {} });
    expect(await tracing.begin('unseen', {}, () => Promise.resolve(1))).toBe(1);
    await tracing.close();
    expect(warned).toHaveBeenCalledWith('the collector of traces does not take them');
  });
});

describe('the settings of tracing', () => {
  const settings = z.object(tracingSettings);

  it('are those of OpenTelemetry', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=b%20c, d-e=f=g',
    };
    expect(tracingOf(settings.parse(env))).toEqual({
      collector: 'http://collector:4318',
      headers: { a: 'b c', 'd-e': 'f=g' },
    });
    expect(tracingOf(settings.parse({}))).toEqual({ collector: null, headers: {} });
  });

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
    { OTEL_EXPORTER_OTLP_HEADERS: 'a' },
    { OTEL_TRACES_SAMPLER: 'sometimes' },
    { OTEL_TRACES_SAMPLER_ARG: '2' },
  ])('are refused where they are none: %o', (env) => {
    expect(settings.safeParse(env).success).toBe(false);
  });
});
