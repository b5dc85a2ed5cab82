import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { builtApp, repositoryRoot } from '@linkhaul/stack';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { dashboard } from '../deploy/grafana/dashboard.js';
import { startCollector } from '../packages/runtime/test/collector.js';
import { parseMetrics, type Scraped } from '../packages/runtime/test/exposition.js';
import { domains, HOLDING, nanos, startWorld, type World } from './harness.js';
import { metricsIn, unknownIn } from './promql.js';
import { startReceiver } from './receiver.js';

const TOKEN = 'the-token-of-metrics';
const IN_FLIGHT = 3;
const PLACES = 8;

const collector = await startCollector();
let world: World;
beforeAll(async () => {
  const env = {
    ...HOLDING,
    METRICS_TOKEN: TOKEN,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '100',
    UPSTREAM_MAX_IN_FLIGHT: String(IN_FLIGHT),
    WORKER_CONCURRENCY: String(PLACES),
  };
  world = await startWorld({ workers: 1, env });
});
afterAll(async () => {
  await world.stop();
  collector.close();
});

const workerUrl = () => `http://127.0.0.1:${world.workers[0]?.port}`;

async function metricsOf(url: string): Promise<Map<string, Scraped>> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(answer.status).toBe(200);
  return parseMetrics(await answer.text());
}

/** What API and worker report together. */
async function everyMetric(): Promise<Map<string, Scraped>> {
  const told = await Promise.all([workerUrl(), world.apiUrl].map(metricsOf));
  return new Map(told.flatMap((metrics) => [...metrics]));
}

const textOf = (path: string) => readFile(join(repositoryRoot, path), 'utf8');

/** The value of each series that a process reports. */
async function scrape(url: string): Promise<Map<string, number>> {
  return new Map([...(await metricsOf(url)).values()].flatMap(({ series }) => [...series]));
}

async function comesTo(url: string, expected: Readonly<Record<string, number>>): Promise<void> {
  const read = async () => {
    const series = await scrape(url);
    return Object.fromEntries(Object.keys(expected).map((name) => [name, series.get(name)]));
  };
  await expect.poll(read).toEqual(expected);
}

const calls = (endpoint: string, action: string) =>
  `linkhaul_upstream_calls_total{action="${action}",endpoint="${endpoint}"}`;

it('are told by API and worker to whom has the token, and to nobody else', async () => {
  for (const url of [world.apiUrl, workerUrl()]) {
    for (const headers of [{}, { authorization: `Bearer ${TOKEN}x` }]) {
      const refused = await fetch(`${url}/metrics`, { headers });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      expect(await refused.text()).not.toContain('linkhaul_');
    }
    const series = await scrape(url);
    expect(series.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(series.has('nodejs_eventloop_lag_max_seconds')).toBe(true);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  }
});

it('are all described in docs/operations.md, which names no other', async () => {
  const page = await textOf('docs/operations.md');
  const described = page.match(/\b(linkhaul|process|nodejs)_\w+(?=`|\b)/g);
  expect([...new Set(described)].sort()).toEqual([...(await everyMetric()).keys()].sort());
});

it('count what was sent, what came of it and what it cost', async () => {
  const before = await scrape(workerUrl());
  expect(before.get(calls('bulk_backlinks', 'ok'))).toBe(0);
  expect(before.get('linkhaul_upstream_cost_usd_total{endpoint="bulk_backlinks"}')).toBe(0);

  await world.fault({ kind: 'reset_after', count: 1 });
  const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, domains(10));
  const { cost } = await world.client.waitFor(id);
  expect(nanos(cost.wasted_usd)).toBeGreaterThan(0);
  const after = await scrape(workerUrl());
  expect(after.get(calls('bulk_backlinks', 'ok'))).toBe(1);
  expect(after.get(calls('bulk_backlinks', 'unknown'))).toBe(1);
  expect(after.get('linkhaul_unknown_calls_resolved_total{fate="lost"}')).toBe(1);
  const told = after.get('linkhaul_upstream_cost_usd_total{endpoint="bulk_backlinks"}') ?? 0;
  expect(nanos(told)).toBe(nanos(cost.spent_usd) - nanos(cost.wasted_usd));
  expect(after.get('linkhaul_upstream_call_duration_seconds_count{endpoint="bulk_backlinks"}')).toBe(2);
});

it('show how much is under way, here and over all processes', async () => {
  await world.settings({ hold: true });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(20));
  await comesTo(workerUrl(), {
    linkhaul_upstream_calls_in_flight: IN_FLIGHT,
    // Every call that the worker holds and has not sent waits for a permit.
    linkhaul_permits_waiting: PLACES - IN_FLIGHT,
    linkhaul_sending_held: 0,
  });
  await comesTo(world.apiUrl, {
    linkhaul_account_slots_limit: IN_FLIGHT,
    linkhaul_account_slots_used: IN_FLIGHT,
    'linkhaul_account_paused{reason="upstream_down"}': 0,
    'linkhaul_calls{state="sending"}': IN_FLIGHT,
    'linkhaul_calls{state="waiting"}': PLACES - IN_FLIGHT,
    linkhaul_workers: 1,
    linkhaul_worker_places: PLACES,
    linkhaul_jobs_open: 1,
  });
  await world.settings({ hold: false });
  await world.client.waitFor(id);
  const done = await scrape(workerUrl());
  expect(done.get('linkhaul_upstream_calls_in_flight')).toBe(0);
  expect(done.get('linkhaul_permits_waiting')).toBe(0);
});

describe('the dashboard', () => {
  const panels = z.object({
    panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })).default([]) })),
  });

  it('is the file that Grafana imports', async () => {
    const text = `${JSON.stringify(dashboard(), null, 2)}\n`;
    await expect(text).toMatchFileSnapshot(join(repositoryRoot, 'deploy/grafana/linkhaul.json'));
  });

  it('shows every metric, and asks for nothing that is not reported', async () => {
    const scraped = await everyMetric();
    const asked = panels.parse(dashboard()).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(asked.flatMap((expression) => unknownIn(expression, scraped))).toEqual([]);
    const shown = new Set(asked.flatMap((expression) => metricsIn(expression, scraped)));
    expect([...scraped.keys()].filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('the alerts', () => {
  const rule = z.object({
    alert: z.string(),
    expr: z.string(),
    labels: z.object({ severity: z.enum(['page', 'ticket']) }),
    annotations: z.object({ summary: z.string(), runbook: z.string() }),
  });
  const rules = z.object({ groups: z.array(z.object({ rules: z.array(rule) })) });
  const readRules = async () =>
    rules.parse(parse(await textOf('deploy/prometheus/alerts.yml'))).groups.flatMap((group) => group.rules);

  it('ask for nothing that is not reported', async () => {
    const scraped = await everyMetric();
    const unknown = (await readRules()).flatMap(({ alert, expr }) =>
      unknownIn(expr, scraped).map((what) => `${alert}: ${what}`),
    );
    expect(unknown).toEqual([]);
  });

  it('each have their section in docs/operations.md, and a test of promtool', async () => {
    const named = (await readRules()).map(({ alert }) => alert);
    const page = await textOf('docs/operations.md');
    expect([...page.matchAll(/^### (Linkhaul\w+)$/gm)].map(([, alert]) => alert)).toEqual(named);
    for (const { alert, annotations } of await readRules()) {
      expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    }
    const tests = await textOf('deploy/prometheus/alerts.test.yml');
    expect([...new Set([...tests.matchAll(/^ {2}- name: (Linkhaul\w+)$/gm)].map(([, alert]) => alert))]).toEqual(named);
  });
});

describe('the traces', () => {
  it.each(['api', 'worker'] as const)('cost a process of the %s nothing until there is a collector', async (app) => {
    const code = await readFile(join(dirname(builtApp(app)), 'run.js'), 'utf8');
    expect(code.match(/^.*open-telemetry\.js.*$/gm)).toEqual([
      expect.stringContaining('await import("./open-telemetry.js")'),
    ]);
    expect(code).not.toContain('@opentelemetry+');
  });

  it('show one job from its submission to its webhook, over API and worker', async () => {
    const receiver = await startReceiver();
    const { id } = await world.client.submit({ endpoint: 'domain_pages', webhook: { url: receiver.url } }, domains(2));
    await world.client.waitFor(id);
    await receiver.received(1);
    const spans = () => {
      const submit = collector.spans.find(
        ({ name, attributes }) => name === 'submit' && attributes['linkhaul.job'] === id,
      );
      return collector.spans.filter(({ traceId }) => traceId === submit?.traceId);
    };
    const namesOf = () => spans().map(({ name }) => name);
    await expect.poll(() => namesOf().toSorted()).toEqual([...STEPS, ...OF_A_CALL, ...OF_A_CALL].toSorted());
    const called = (spanId: string | undefined) => spans().find((one) => one.spanId === spanId);
    for (const { name, service, parentSpanId } of spans()) {
      expect(service).toBe(name === 'submit' ? 'linkhaul-api' : 'linkhaul-worker');
      expect([name, called(parentSpanId)?.name]).toEqual([name, PARENTS[name]]);
    }
    const { attributes } = spans().find(({ name }) => name === 'send') ?? {};
    expect(attributes).toEqual({ 'linkhaul.endpoint': 'domain_pages', 'linkhaul.action': 'empty' });
    expect(JSON.stringify(collector.spans)).not.toMatch(/site-\d|http:|hook\b/);
  });
});

const STEPS = ['submit', 'plan', 'deliver'];
const OF_A_CALL = ['call', 'grant', 'send', 'store'];
const PARENTS: Readonly<Record<string, string>> = {
  plan: 'submit',
  call: 'submit',
  deliver: 'submit',
  grant: 'call',
  send: 'call',
  store: 'call',
};
