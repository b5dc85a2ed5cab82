import { type Call, callsPage } from '@linkhaul/schemas';
import { storeAnswer } from '@linkhaul/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const sites = (count: number) => Array.from({ length: count }, (_, index) => `site-${index}.com`);

async function jobOn(endpoint: string, targets: string[], fields: object = {}) {
  const job = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint, targets, ...fields }));
  return { ref: { tenant: job.tenant, id: job.id }, url: `${service.url}/v1/jobs/${job.id}` };
}

async function pageAt(url: string, query: Record<string, string> = {}) {
  const answer = await ask(`${url}/calls?${new URLSearchParams(query)}`);
  expect(answer.status, answer.text).toBe(200);
  return callsPage.parse(JSON.parse(answer.text));
}

const shortly = ({ call, status, attempts }: Call) => [call, status, attempts.length];

/** A page of a list with another behind it. */
const page = (offset: number) => ({
  kind: 'list' as const,
  offset,
  items: 1000,
  totalCount: null,
  itemsSoFar: offset + 1000,
  costSoFar: 0,
  status: null,
  truncated: null,
});

describe('the ledger of a job', () => {
  it('is empty before there is a plan, and another’s is not found', async () => {
    const { url } = await jobOn('domain_pages', ['a.com']);
    expect(await pageAt(url)).toEqual({ calls: [], next_cursor: null });
    problemOf(await ask(`${service.url}/v1/jobs/job_0/calls`), 'not_found');
    for (const query of ['status=done', 'cursor=0', 'cursor=x', 'limit=0', 'stauts=stored']) {
      problemOf(await ask(`${url}/calls?${query}`), 'invalid_request');
    }
  });

  it('has every call with its state, its attempts and how many targets it asks about', async () => {
    const { ref, url } = await jobOn('bulk_backlinks', sites(7));
    const worker = await createWorker(service, ref);
    await worker.plan(2);
    expect((await pageAt(url)).calls.map(shortly)).toEqual([1, 2, 3, 4].map((call) => [call, 'planned', 0]));
    await worker.send();
    const items = { kind: 'bulk' as const, items: [0, 1] };
    await worker.settle(1, { outcome: items, items: [{}, {}] });
    const failed = { kind: 'failed' as const, code: 'upstream_error' as const, itemsSoFar: 0, costSoFar: 0 };
    await worker.settle(2, { outcome: { ...failed, message: 'no' } });
    await service.services.ledger.markUnknown({ job: ref, call: 3, attempt: 1 }, { lookUpAfterMs: 0, by: 'w' });
    const { calls } = await pageAt(url);
    expect(calls.map(({ call, status, targets }) => [call, status, targets])).toEqual([
      [1, 'stored', 2],
      [2, 'failed', 2],
      [3, 'unknown', 2],
      [4, 'sending', 1],
    ]);
    expect(calls[0]).toMatchObject({
      offset: null,
      attempts: [{ tag: `${ref.id}.1.1`, code: 20_000, cost_usd: 0.024 }],
    });
    expect(calls[3]?.attempts).toEqual([
      {
        tag: expect.stringMatching(new RegExp(`^${ref.id}\\.4\\.1\\.[0-9a-f]{8}$`)),
        upstream_task_id: null,
        sent_at: expect.any(String),
        answered_at: null,
        code: null,
        cost_usd: null,
        worker: 'w',
      },
    ]);
    expect((await pageAt(url, { status: 'failed,unknown' })).calls.map(shortly)).toEqual([
      [2, 'failed', 1],
      [3, 'unknown', 1],
    ]);
    expect((await pageAt(url, { status: 'planned' })).calls).toEqual([]);
    await service.services.ledger.resolve(
      { job: ref, call: 3, attempt: 1 },
      { kind: 'lost', cost: 5_000_000, taskId: 't-1' },
      'losses',
    );
    const [third] = (await pageAt(url, { status: 'planned' })).calls;
    expect(third).toMatchObject({
      call: 3,
      attempts: [{ upstream_task_id: 't-1', answered_at: null, cost_usd: 0.005, worker: 'w' }],
    });
  });

  it('has the calls of a further run behind all others, from where its lists go on', async () => {
    const { ref, url } = await jobOn('domain_pages', sites(2), { max_items_per_target: 3000 });
    const worker = await createWorker(service, ref);
    await worker.plan();
    await worker.send();
    await worker.settle(1, { outcome: { ...page(0), items: 5, itemsSoFar: 5, status: 'ok' } });
    await worker.settle(2, { outcome: page(0) });
    await worker.send();
    const failed = { kind: 'failed' as const, code: 'upstream_error' as const, message: '' };
    await worker.settle(4, { outcome: { ...failed, itemsSoFar: 1000, costSoFar: 0 } });
    await worker.finish();
    await worker.retire();
    expect((await postJson(`${url}/retry`, {})).status).toBe(200);
    const before = (await pageAt(url)).calls.map(shortly);
    expect(before).toEqual([
      [1, 'stored', 1],
      [2, 'stored', 1],
      [4, 'failed', 1],
    ]);
    await worker.planAgain();
    const [root = 0] = await worker.send();
    await worker.settle(root, { outcome: page(1000) });
    const [next = 0] = await worker.send();
    const behind = (await pageAt(url, { cursor: '4' })).calls;
    expect(behind.map(({ call, status, offset }) => [call, status, offset])).toEqual([
      [root, 'stored', 1000],
      [next, 'sending', 2000],
    ]);
    expect((await pageAt(url)).calls.slice(0, 3).map(shortly)).toEqual(before);
    expect((await pageAt(url, { status: 'sending', limit: '1' })).calls.map(shortly)).toEqual([[next, 'sending', 1]]);
  });

  it('goes on behind a cursor, over pages of lists that are far apart', async () => {
    const { ref, url } = await jobOn('domain_pages', sites(3), { max_items_per_target: 50_000 });
    const worker = await createWorker(service, ref);
    await worker.plan();
    for (let at = 0; at < 20; at++) {
      await worker.send();
      await worker.settle(2 + 3 * at, { outcome: page(1000 * at) });
    }
    const all = (await pageAt(url)).calls;
    expect(all.map(({ call }) => call)).toEqual([1, 2, 3, ...Array.from({ length: 20 }, (_, at) => 5 + 3 * at)]);
    expect(all.find(({ call }) => call === 59)).toMatchObject({ status: 'stored', offset: 19_000, targets: 1 });
    const found: Call[] = [];
    let cursor: string | null = null;
    do {
      const next: Awaited<ReturnType<typeof pageAt>> = await pageAt(url, { limit: '5', ...(cursor && { cursor }) });
      expect(next.calls.length).toBeLessThanOrEqual(5);
      found.push(...next.calls);
      cursor = next.next_cursor;
    } while (cursor !== null);
    expect(found).toEqual(all);
    expect((await pageAt(url, { limit: '23' })).next_cursor).toBeNull();
  });

  it('splits of bulk calls stand in it too, and answers that decided nothing', async () => {
    const { ref, url } = await jobOn('bulk_backlinks', sites(4));
    const worker = await createWorker(service, ref);
    await worker.plan(4);
    await worker.send();
    await worker.settle(1, { outcome: { kind: 'split', message: 'bad' } });
    await worker.send();
    const defer = async (call: number, cost: number) => {
      const outcome = { kind: 'deferred' as const, countsAs: 'failure' as const, message: '' };
      const sent = { call, attempt: 1, failures: 0, worker: 'w', sentAt: 1, answeredAt: 2, httpStatus: 200 };
      const header = { ...sent, statusCode: 50_000, taskId: 't', cost, simulated: true, outcome };
      await storeAnswer(service.services.storage, ref, { header, body: Buffer.alloc(0) });
      const at = { job: ref, call, attempt: 1 };
      await service.services.ledger.defer(at, { cost, sentAt: 1, delayMs: 0, countsAs: 'failure' });
    };
    await defer(2, 3_000_000);
    await defer(3, 0);
    const { calls } = await pageAt(url);
    expect(calls.map(({ call, status, targets }) => [call, status, targets])).toEqual([
      [1, 'stored', 4],
      [2, 'planned', 2],
      [3, 'planned', 2],
    ]);
    expect(calls[1]?.attempts).toMatchObject([{ code: 50_000, cost_usd: 0.003 }]);
    expect(calls[2]?.attempts).toMatchObject([{ code: 50_000, cost_usd: 0 }]);
    await worker.act('cancel');
    const cut = (await pageAt(url)).calls;
    // What was free and never settled leaves no trace.
    expect(cut).toEqual(calls.slice(0, 2));
    const attempts = cut.flatMap((call) => call.attempts);
    const spent = attempts.reduce((sum, { cost_usd }) => sum + Math.round((cost_usd ?? 0) * 1e9), 0);
    expect(spent).toBe(Math.round(jobOf(await ask(url)).cost.spent_usd * 1e9));
  });

  it('has what a cancelled call was answered, though it was free', async () => {
    const { ref, url } = await jobOn('domain_pages', sites(2));
    const worker = await createWorker(service, ref);
    await worker.plan();
    await worker.send();
    await worker.settle(1, { outcome: { ...page(0), status: 'ok' } });
    const outcome = { kind: 'deferred' as const, countsAs: 'nothing' as const, message: '' };
    const sent = { call: 2, attempt: 1, failures: 0, worker: 'w', sentAt: 1, answeredAt: 2, httpStatus: 200 };
    const header = { ...sent, statusCode: 40_202, taskId: 't', cost: 0, simulated: true, outcome };
    await storeAnswer(service.services.storage, ref, { header, body: Buffer.alloc(0) });
    const at = { job: ref, call: 2, attempt: 1 };
    await service.services.ledger.defer(at, { cost: 0, sentAt: 1, delayMs: 0, countsAs: 'nothing' });
    await worker.act('cancel');
    expect((await pageAt(url)).calls.map(shortly)).toEqual([
      [1, 'stored', 1],
      [2, 'planned', 1],
    ]);
  });
});
