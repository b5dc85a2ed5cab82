import { sendInterval } from '@linkhaul/jobs';
import { estimate, nanosOf } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, jobOf, postJson, postText, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const CALL = 0.024;
const ITEM = 0.000036;
const HOST = '127.0.0.1:1';

async function foresee(body: object, query = '') {
  const answer = await postJson(`${service.url}/v1/estimates${query}`, body);
  expect(answer.status, answer.text).toBe(200);
  return estimate.parse(JSON.parse(answer.text));
}

const sites = (count: number) => Array.from({ length: count }, (_, index) => `site-${index}.com`);

describe('an estimate', () => {
  it('is what the job says, and leaves nothing behind', async () => {
    const before = await service.leftovers();
    const fields = { endpoint: 'bulk_pages_summary', targets: [...sites(250), 'site-0.com', 'no good'], tag: 'x' };
    const foreseen = await foresee(fields);
    expect(foreseen).toMatchObject({ rows: 252, invalid: 1, duplicates: 1, calls: { planned: 3, in_input_order: 3 } });
    expect(foreseen).toMatchObject({ duration_ms: { low: null, high: null }, bound_by: null, balance_usd: null });
    expect(nanosOf(foreseen.cost_usd.low)).toBe(nanosOf(3 * CALL + 250 * ITEM));
    expect(foreseen.cost_usd.high).toBe(foreseen.cost_usd.low);
    expect(nanosOf(foreseen.saved_usd)).toBe(nanosOf(ITEM));
    expect(await service.leftovers()).toEqual(before);
    const job = jobOf(await postJson(`${service.url}/v1/jobs`, fields));
    expect(job.cost.estimated_usd).toBe(foreseen.cost_usd.low);
  });

  it('takes the list as text too, with its fields in the query', async () => {
    const url = `${service.url}/v1/estimates?endpoint=bulk_backlinks&target_as=domain`;
    const answer = await postText(url, 'a.com\n\nb.a.com\nc.com\n');
    expect(estimate.parse(JSON.parse(answer.text))).toMatchObject({ rows: 3, duplicates: 1, calls: { planned: 1 } });
  });

  it.each([
    ['text/plain', '', ['www.a.com', 'b.com', 'no tld', 'https://a.com/', 'a.com']],
    ['text/csv', '&column=site', ['no,site', '1,www.a.com', '2,b.com', '3,no tld', '4,https://a.com/', '5,a.com']],
    ['application/x-ndjson', '', ['"www.a.com"', '{"target":"b.com"}', '"no tld"', '"https://a.com/"', '"a.com"']],
  ])('takes %s as a job does', async (type, query, lines) => {
    const fields = `endpoint=bulk_pages_summary&expect_rows=5${query}`;
    const post = (path: string) =>
      postText(`${service.url}${path}?${fields}`, lines.join('\n'), { 'content-type': type });
    const before = await service.leftovers();
    const foreseen = estimate.parse(JSON.parse((await post('/v1/estimates')).text));
    expect(await service.leftovers()).toEqual(before);
    expect(foreseen).toMatchObject({ rows: 5, invalid: 1, duplicates: 1, calls: { planned: 2, in_input_order: 1 } });
    expect(nanosOf(foreseen.cost_usd.low)).toBe(nanosOf(2 * CALL + 3 * ITEM));
    expect(jobOf(await post('/v1/jobs')).cost.estimated_usd).toBe(foreseen.cost_usd.low);
  });

  it('counts hosts and their root pages apart, which share no call', async () => {
    const targets = sites(300).flatMap((site) => [site, `https://${site}/`, `http://www.${site}/`]);
    const foreseen = await foresee({ endpoint: 'bulk_pages_summary', targets });
    expect(foreseen.calls).toEqual({ planned: 9, in_input_order: 3 });
    expect(foreseen.saved_usd).toBe(0);
  });

  it('shows what packing saves', async () => {
    const turns = Array.from({ length: 5 }, (_, turn) => sites(200).map((site) => `h${turn}.${site}`)).flat();
    const foreseen = await foresee({ endpoint: 'bulk_pages_summary', targets: turns });
    expect(foreseen.calls).toEqual({ planned: 2, in_input_order: 10 });
    expect(nanosOf(foreseen.saved_usd)).toBe(nanosOf(8 * CALL));
  });

  it('of lists is a range: one item a target, and all that the job allows', async () => {
    const fields = { endpoint: 'domain_pages', targets: [...sites(10), 'site-0.com'] };
    const one = nanosOf(10 * (CALL + ITEM));
    const usual = await foresee(fields);
    expect(usual.calls).toEqual({ planned: 10, in_input_order: 11 });
    expect(nanosOf(usual.cost_usd.low)).toBe(one);
    expect(nanosOf(usual.cost_usd.high ?? 0)).toBe(nanosOf(10 * (CALL + 1000 * ITEM)));
    expect(nanosOf(usual.saved_usd)).toBe(nanosOf(CALL + ITEM));
    const paged = await foresee({ ...fields, max_items_per_target: 2500 });
    expect(nanosOf(paged.cost_usd.high ?? 0)).toBe(nanosOf(10 * (3 * CALL + 2500 * ITEM)));
    const endless = { ...fields, max_items_per_target: null };
    expect((await foresee(endless)).cost_usd).toEqual({ low: usual.cost_usd.low, high: null });
    expect((await foresee({ ...endless, max_cost_usd: 1 })).cost_usd).toEqual({ low: usual.cost_usd.low, high: 1 });
    expect(await foresee({ ...fields, max_cost_usd: 0.1 })).toMatchObject({
      cost_usd: { low: 0.1, high: 0.1 },
      bound_by: 'budget',
    });
    problemOf(await postJson(`${service.url}/v1/jobs`, endless), 'invalid_request');
  });

  it('refuses what the job would be refused for', async () => {
    const url = `${service.url}/v1/estimates`;
    problemOf(await postJson(url, { endpoint: 'bulk_backlinks', targets: [] }), 'invalid_request');
    problemOf(await postJson(url, { endpoint: 'bulk_backlinks', targets: ['a.com'], tga: 'x' }), 'invalid_request');
    problemOf(
      await postJson(url, { endpoint: 'bulk_backlinks', targets: ['x'], on_invalid: 'reject' }),
      'invalid_rows',
    );
    const poor = { endpoint: 'bulk_backlinks', targets: ['a.com'], max_cost_usd: 0.001 };
    problemOf(await postJson(url, poor), 'budget_too_low');
  });

  it('goes by the upstream’s own prices, and by what its account may do', async () => {
    const own = await starter.start();
    const { services, redis, keys } = own;
    const prices = { domain_pages: { call_usd: 1, item_usd: 0.5 } };
    await services.prices.publish(HOST, { prices, balance: nanosOf(12.5), simulated: true, origin: null });
    await services.capacities.announce(HOST, 'acme', { maxPerMinute: 6000, maxInFlight: 10, leaseMs: 1000 });
    await redis.zadd(keys.workers, Date.now() + 60_000, 'w');
    await redis.hset(keys.workerPlaces, 'w', 20);
    // Another job has calls to send, one for each target.
    const other = jobOf(await postJson(`${own.url}/v1/jobs`, { endpoint: 'domain_pages', targets: sites(100) }));
    await (await createWorker(own, { tenant: other.tenant, id: other.id })).plan();
    const answer = await postJson(`${own.url}/v1/estimates`, { endpoint: 'domain_pages', targets: sites(600) });
    const interval = sendInterval(6000);
    expect(estimate.parse(JSON.parse(answer.text))).toMatchObject({
      cost_usd: { low: 900 },
      balance_usd: 12.5,
      bound_by: 'upstream_rate',
      duration_ms: { low: Math.round(600 * interval), high: Math.round(700 * interval) },
    });
  });
});

describe('a probe', () => {
  const url = () => `${service.url}/v1/estimates?probe=1`;
  const fields = { endpoint: 'domain_pages', targets: ['a.com', 'b.com'] };

  it('is for lists, needs a bound, and leaves nothing where it is refused', async () => {
    const before = await service.leftovers();
    const unbounded = problemOf(await postJson(url(), fields), 'invalid_request');
    expect(unbounded.errors?.[0]?.pointer).toBe('/max_cost_usd');
    const bulk = { ...fields, endpoint: 'bulk_backlinks', max_cost_usd: 1 };
    expect(problemOf(await postJson(url(), bulk), 'invalid_request').errors?.[0]?.pointer).toBe('probe');
    problemOf(await postJson(url(), { ...fields, max_cost_usd: 0.001 }), 'budget_too_low');
    problemOf(await postJson(url(), { ...fields, max_cost_usd: 1, expect_rows: 3 }), 'invalid_request');
    problemOf(await postJson(`${service.url}/v1/estimates?probe=yes`, fields), 'invalid_request');
    problemOf(await postJson(`${service.url}/v1/estimates?wait_ms=5`, fields), 'invalid_request');
    expect(await service.leftovers()).toEqual(before);
  });

  it('is an ordinary job under the tag of the list, and answers with what is known when time is over', async () => {
    const asked = { ...fields, max_cost_usd: 1, metadata: { team: 'x' }, start: 'manual' };
    const foreseen = await foresee(asked, '?probe=1&wait_ms=0');
    expect(foreseen).toMatchObject({ probe: { rows: 0, spent_usd: 0 }, calls: { planned: 2, in_input_order: 2 } });
    const job = jobOf(await ask(`${service.url}/v1/jobs/${foreseen.probe?.job}`));
    expect(job).toMatchObject({ tag: 'estimate', max_items_per_target: 1, on_budget: 'finish', max_cost_usd: 1 });
    expect(job).toMatchObject({ metadata: { team: 'x' }, rows: { total: 2 } });
  });

  it('is no job that the tenant’s webhooks are told of', async () => {
    const own = await starter.start();
    const post = (path: string, body: object) => postJson(`${own.url}/v1/${path}`, body);
    const hook = { url: 'http://127.0.0.1:9/hook' };
    const method = { method: 'PUT', headers: { 'content-type': 'application/json' } };
    await ask(`${own.url}/v1/webhooks/default`, { ...method, body: JSON.stringify(hook) });
    const asked = { ...fields, max_cost_usd: 1 };
    expect(jobOf(await post('jobs', asked)).webhook).toMatchObject(hook);
    for (const webhook of [undefined, hook]) {
      const { probe } = JSON.parse((await post('estimates?probe=1&wait_ms=0', { ...asked, webhook })).text);
      expect(jobOf(await ask(`${own.url}/v1/jobs/${probe.job}`)).webhook).toBeNull();
    }
  });

  /** Four lists: one of 2,500 by what its first item said, an empty one, one of unknown length, and one that failed. */
  async function learnt(endpoint: string): Promise<ReturnType<typeof foresee>> {
    const tag = `probe-${endpoint}`;
    const targets = [...sites(4), 'site-0.com'];
    const asked = foresee({ endpoint, targets, max_items_per_target: 5000, max_cost_usd: 10, tag }, '?probe=1');
    const url = `${service.url}/v1/jobs?tag=${tag}`;
    const jobs = async () => JSON.parse((await ask(url)).text).jobs;
    await expect.poll(jobs).toHaveLength(1);
    const [{ tenant, id }] = await jobs();
    const worker = await createWorker(service, { tenant, id });
    await worker.plan();
    const list = { kind: 'list' as const, offset: 0, costSoFar: 24_000_000, truncated: null };
    const ok = { ...list, status: 'ok' as const, items: 1, itemsSoFar: 1 };
    const failed = { kind: 'failed' as const, code: 'upstream_error' as const, message: '', itemsSoFar: 0 };
    const outcomes = [
      { ...ok, totalCount: 2500 },
      { ...list, status: 'empty' as const, items: 0, itemsSoFar: 0, totalCount: 0 },
      { ...ok, totalCount: null },
      { ...failed, costSoFar: 24_000_000 },
    ];
    for (const [at, outcome] of outcomes.entries()) {
      // With a budget one call is sent at a time, until the price is known.
      await worker.send();
      await worker.settle(at + 1, { outcome });
    }
    await worker.finish();
    return asked;
  }

  it.each([
    ['domain_pages', { calls: 3 + 1 + 5 + 5, items: 2500 + 1 + 5000 + 5000 }],
    ['referring_domains', { calls: 5 + 1 + 5 + 5, items: 5000 + 1 + 5000 + 5000 }],
  ])('of %s narrows the range by what was learnt', async (endpoint, most) => {
    const foreseen = await learnt(endpoint);
    expect(foreseen.probe).toMatchObject({ rows: 3, spent_usd: 0.096 });
    expect(foreseen.calls).toEqual({ planned: 3 + 1 + 1 + 1, in_input_order: 5 });
    const big = 3 * CALL + 2500 * ITEM;
    expect(nanosOf(foreseen.cost_usd.low)).toBe(nanosOf(big + 3 * (CALL + ITEM)));
    expect(nanosOf(foreseen.cost_usd.high ?? 0)).toBe(nanosOf(most.calls * CALL + most.items * ITEM));
    expect(nanosOf(foreseen.saved_usd)).toBe(nanosOf(big));
  });
});
