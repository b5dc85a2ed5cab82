import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { parseMetrics } from '../../../packages/runtime/test/exposition.js';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
afterEach(starter.closeAll);

/** The value of each series that the API tells, by `name{label="value"}`. */
async function scrape({ url }: Service): Promise<Map<string, number>> {
  const { status, text } = await ask(`${url}/metrics`);
  expect(status, text).toBe(200);
  return new Map([...parseMetrics(text).values()].flatMap(({ series }) => [...series]));
}

function requests(method: string, route: string, status: number): string {
  return `linkhaul_http_requests_total{method="${method}",route="${route}",status="${status}"}`;
}

describe('GET /metrics', () => {
  it('counts requests by the pattern of their route, never by what stands in their paths', async () => {
    const service = await starter.start();
    const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] }));
    for (const job of [id, id, 'job_none']) await ask(`${service.url}/v1/jobs/${job}`);
    await ask(`${service.url}/v1/jobs/${id}`, { method: 'HEAD' });
    for (const path of ['/wp-login.php', '/v1/nothing']) await ask(`${service.url}${path}`);
    await ask(`${service.url}/v1/jobs`, { method: 'PUT' });
    const series = await scrape(service);
    expect(series.get(requests('POST', '/v1/jobs', 202))).toBe(1);
    expect(series.get(requests('GET', '/v1/jobs/:id', 200))).toBe(2);
    expect(series.get(requests('GET', '/v1/jobs/:id', 404))).toBe(1);
    expect(series.get(requests('HEAD', '/v1/jobs/:id', 200))).toBe(1);
    expect(series.get(requests('GET', 'unmatched', 404))).toBe(2);
    expect(series.get(requests('PUT', 'unmatched', 405))).toBe(1);
    const durations = 'linkhaul_http_request_duration_seconds_count{method="GET",route="/v1/jobs/:id"}';
    expect(series.get(durations)).toBe(3);
    expect([...series.keys()].join('\n')).not.toMatch(/job_|nothing|wp-login|local/);
    expect((await scrape(service)).get(requests('GET', '/metrics', 200))).toBe(1);
  });

  it('tells what all processes share', async () => {
    const service = await starter.start();
    const { redis, keys, services } = service;
    const before = await scrape(service);
    expect(before.get('linkhaul_redis_up')).toBe(1);
    expect(before.get('linkhaul_jobs_open')).toBe(0);
    expect(before.get('linkhaul_calls{state="unknown"}')).toBe(0);
    expect(before.get('linkhaul_account_paused{reason="upstream_funds"}')).toBe(0);
    expect(before.has('linkhaul_account_slots_limit')).toBe(false);
    expect(before.get('linkhaul_workers')).toBe(0);
    expect(before.get('linkhaul_jobs_longest_standstill_seconds')).toBe(0);

    const open = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] }));
    await redis.hincrby(keys.job({ tenant: open.tenant, id: open.id }), 'moved_at', -60_000);
    await services.workerReports.lookUpFailed('acme', 'HTTP 500');
    await services.workerReports.storageAway('EROFS');
    const limits = { maxPerMinute: 2000, maxInFlight: 30, leaseMs: 1000 };
    await services.capacities.announce(services.env.upstreamHost, 'acme', limits);
    await redis.hset(keys.outage('acme'), 'reason', 'upstream_funds');
    await redis.set(keys.accountWait('acme'), 'failing', 'PX', 60_000);
    const unreadable = { 'count:one': 4, 'since:one': 1, 'count:two': 3, 'since:two': 1, 'count:three': 2, since: 1 };
    await redis.hset(keys.unreadable(services.env.upstreamHost, 'domain_pages'), unreadable);
    await redis.zadd(keys.window, 1, 'a', 1, 'b', 1, 'c');
    await redis.zadd(keys.sending, 1, 'a');
    await redis.zadd(keys.unknown, 1, 'd', 1, 'e');
    await redis.zadd(keys.pendingDeliveries, 1, 'f');
    const after = await scrape(service);
    for (const [name, value] of [
      ['linkhaul_jobs_open', 1],
      ['linkhaul_account_slots_limit', 30],
      ['linkhaul_account_slots', 30],
      ['linkhaul_account_slots_used', 0],
      ['linkhaul_account_requests_per_minute_limit', 2000],
      ['linkhaul_account_paused{reason="upstream_funds"}', 1],
      ['linkhaul_account_paused{reason="failing"}', 1],
      ['linkhaul_account_paused{reason="rate"}', 0],
      ['linkhaul_calls{state="waiting"}', 2],
      ['linkhaul_calls{state="sending"}', 1],
      ['linkhaul_calls{state="delayed"}', 0],
      ['linkhaul_calls{state="unknown"}', 2],
      ['linkhaul_deliveries_pending', 1],
      ['linkhaul_workers', 0],
      ['linkhaul_worker_places', 0],
      ['linkhaul_look_ups_failing', 1],
      ['linkhaul_storage_away', 1],
      ['linkhaul_jobs_standing{bound_by="no_workers"}', 1],
      ['linkhaul_jobs_standing{bound_by="turn"}', 0],
      ['linkhaul_unreadable_tenants{endpoint="domain_pages"}', 2],
      ['linkhaul_unreadable_tenants{endpoint="bulk_backlinks"}', 0],
    ] as const) {
      expect(after.get(name), name).toBe(value);
    }
    expect(after.get('linkhaul_jobs_longest_standstill_seconds')).toBeGreaterThanOrEqual(60);
  });

  it('tells of the process where Redis is away', async () => {
    const service = await starter.start();
    const ended = once(service.redis, 'end');
    service.redis.disconnect();
    await ended;
    const series = await scrape(service);
    await service.redis.connect();
    expect(series.get('linkhaul_redis_up')).toBe(0);
    expect(series.get('process_resident_memory_bytes')).toBeGreaterThan(0);
    expect(service.errors).not.toHaveBeenCalled();
    expect((await scrape(service)).get('linkhaul_redis_up')).toBe(1);
  });

  it('is open on this machine, until it has a token of its own', async () => {
    const keys = { LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant', LINKHAUL_ADMIN_KEY: 'key-admin-of-all' };
    const open = await starter.start(keys);
    expect((await ask(`${open.url}/metrics`)).status).toBe(200);
    const reachable = await starter.start({ ...keys, HOST: '0.0.0.0' });
    expect(problemOf(await ask(`${reachable.url}/metrics`), 'forbidden').detail).toContain('METRICS_TOKEN');
    const closed = await starter.start({ ...keys, HOST: '0.0.0.0', METRICS_TOKEN: 'the-token-of-metrics' });
    const as = (token: string) => ask(`${closed.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    for (const answer of [
      await ask(`${closed.url}/metrics`),
      await as('the-token-of-another'),
      await as('key-admin-of-all'),
    ]) {
      expect(problemOf(answer, 'unauthorized').detail).toContain('METRICS_TOKEN');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    const answer = await as('the-token-of-metrics');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const jobs = await ask(`${closed.url}/v1/jobs`, { headers: { authorization: 'Bearer the-token-of-metrics' } });
    problemOf(jobs, 'unauthorized');
  });
});
