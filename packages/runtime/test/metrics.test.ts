import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createCounter,
  createHistogram,
  type Family,
  gauge,
  metricsAccess,
  metricsRoute,
  watchProcess,
} from '../src/index.js';
import { parseMetrics } from './exposition.js';

const about = { name: 'linkhaul_things_total', help: 'Things.' };

/** What a server hands over of a request from this machine. */
function incomingWith(headers: Record<string, string>) {
  return { incoming: { socket: { remoteAddress: '127.0.0.1' }, httpVersion: '1.1', headers } };
}

/** What is served of these metrics. */
async function served(families: Family[]): Promise<string> {
  const route = metricsRoute({ read: () => families, access: 'local', refuse: () => new Response() });
  const answer = await route.request('/metrics', {}, incomingWith({ host: '127.0.0.1:9090' }));
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
}

describe('the text', () => {
  it('is as the format has it', async () => {
    const counter = createCounter<'kind'>(about, [{ kind: 'a' }]);
    counter.add({ kind: 'b' }, 0.5);
    counter.add({ kind: 'b' });
    const histogram = createHistogram<'kind'>({ name: 'linkhaul_work_seconds', help: 'Work.' }, [0.1, 1]);
    for (const seconds of [0.1, 0.5, 7]) histogram.observe({ kind: 'a' }, seconds);
    const now = gauge({ name: 'linkhaul_now', help: 'Now.' }, Number.POSITIVE_INFINITY);
    expect(await served([counter.family(), histogram.family(), now])).toBe(`# HELP linkhaul_things_total Things.
# TYPE linkhaul_things_total counter
linkhaul_things_total{kind="a"} 0
linkhaul_things_total{kind="b"} 1.5
# HELP linkhaul_work_seconds Work.
# TYPE linkhaul_work_seconds histogram
linkhaul_work_seconds_bucket{kind="a",le="0.1"} 1
linkhaul_work_seconds_bucket{kind="a",le="1"} 2
linkhaul_work_seconds_bucket{kind="a",le="+Inf"} 3
linkhaul_work_seconds_sum{kind="a"} 7.6
linkhaul_work_seconds_count{kind="a"} 3
# HELP linkhaul_now Now.
# TYPE linkhaul_now gauge
linkhaul_now +Inf
`);
  });

  it('can be read back, whatever stands in help and labels', async () => {
    const text = fc.string({ unit: 'grapheme' });
    const samples = fc.uniqueArray(fc.record({ a: text, b: text, value: fc.double() }), {
      selector: ({ a, b }) => `${a}\0${b}`,
    });
    await fc.assert(
      fc.asyncProperty(samples, fc.string({ minLength: 1 }), async (all, help) => {
        const counter = createCounter<'a' | 'b'>({ ...about, help }, []);
        for (const { a, b, value } of all) counter.add({ b, a }, value);
        const histogram = createHistogram<'a' | 'b'>({ name: 'linkhaul_h_seconds', help }, [-1, 0, 1]);
        for (const { a, b, value } of all) histogram.observe({ a, b }, value);
        const [{ series } = { series: new Map() }] = parseMetrics(
          await served([counter.family(), histogram.family()]),
        ).values();
        expect([...series.values()]).toEqual(all.map(({ value }) => value + 0));
      }),
    );
  });

  it('knows a series by its labels, in whatever order', () => {
    const counter = createCounter<'a' | 'b'>(about, []);
    counter.add({ a: '1', b: '2' });
    counter.add({ b: '2', a: '1' });
    expect(counter.family().samples).toEqual([{ labels: { a: '1', b: '2' }, value: 2 }]);
  });
});

describe('the process', () => {
  it('shows its vitals, and how long its event loop stood still since the last scrape', async () => {
    const vitals = watchProcess();
    onTestFinished(vitals.close);
    const read = async () => parseMetrics(await served(vitals.families()));
    const of = async (name: string) => (await read()).get(name)?.series.get(name) ?? Number.NaN;
    const turn = () => new Promise((resolve) => setTimeout(resolve, 30));
    await turn();
    for (const until = performance.now() + 1000; performance.now() < until; );
    await turn();
    expect(await of('nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.9);
    await expect.poll(() => of('nodejs_eventloop_lag_max_seconds')).toBeLessThan(0.9);
    expect(await of('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(await of('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(Math.abs((await of('process_start_time_seconds')) - Date.now() / 1000)).toBeLessThan(3600);
  });
});

describe('without a token', () => {
  it.each([
    ['127.0.0.1', { host: 'localhost:9090' }, 200],
    ['::1', { host: '[::1]:9090' }, 200],
    ['127.0.0.1', { host: 'localhost:9090', 'sec-fetch-site': 'none' }, 200],
    ['127.0.0.1', { host: 'localhost:9090', 'sec-fetch-site': 'cross-site' }, 403],
    ['127.0.0.1', { host: 'metrics.example.com' }, 403],
    ['127.0.0.1', { host: 'localhost:9090', 'x-forwarded-for': '198.51.100.1' }, 403],
    ['0.0.0.0', { host: 'localhost:9090' }, 403],
  ])('on %s, with %j: %d', async (host, headers, status) => {
    const access = metricsAccess(undefined, host);
    const route = metricsRoute({
      access,
      read: () => [],
      refuse: ({ status, detail }) => new Response(detail, { status }),
    });
    const answer = await route.request('/metrics', {}, incomingWith(headers));
    expect(answer.status).toBe(status);
  });
});

describe('the token', () => {
  const route = metricsRoute({
    read: () => [],
    access: { token: 'secret' },
    refuse: ({ status, detail }) => new Response(detail, { status }),
  });
  const statusFor = async (authorization?: string) =>
    (await route.request('/metrics', { headers: authorization === undefined ? {} : { authorization } })).status;

  it('is needed where there is one, as a bearer’s', async () => {
    expect(await statusFor('Bearer secret')).toBe(200);
    expect(await statusFor('bearer  secret')).toBe(200);
    for (const wrong of [
      undefined,
      '',
      'secret',
      'Basic secret',
      'Bearer secre',
      'Bearer secrets',
      'Bearer Secret',
      'Bearer ',
    ]) {
      expect(await statusFor(wrong), wrong).toBe(401);
    }
  });
});
