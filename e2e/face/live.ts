import { gzipSync } from 'node:zlib';
import { ENDPOINTS, type EndpointName } from '@linkhaul/schemas';
import { BacklinksApi } from 'dataforseo-client/api';
import { describe, expect, it } from 'vitest';
import { nanos, WHILE_POLLING } from '../harness.js';
import { AIMS, AUTHORIZATION, envelope, resultText, type Script } from './script.js';

export function testLive({ world, ask, askUpstream, onlyTask, live, setTenant, openBill }: Script): void {
  describe('live', () => {
    it.each(Object.keys(ENDPOINTS) as EndpointName[])('%s: the upstream’s result, byte for byte', async (name) => {
      const bill = await openBill();
      const posted = { ...AIMS[ENDPOINTS[name].kind], tag: 'mine' };
      const answer = await ask(`backlinks/${name}/live`, [posted]);
      expect(answer).toMatchObject({ http: 200, status_code: 20000, tasks_count: 1, tasks_error: 0 });
      expect(answer.tasks?.[0]).toMatchObject({
        status_code: 20000,
        path: ['v3', 'backlinks', name, 'live'],
        data: { api: 'backlinks', function: name, ...posted },
      });
      expect(nanos(answer.cost)).toBe(await bill.charged());
      const direct = await askUpstream(`backlinks/${name}/live`, [posted]);
      expect(resultText(answer)).toBe(resultText(direct));
    });

    it.each(Object.keys(ENDPOINTS) as EndpointName[])('%s: by the vendor’s own client', async (name) => {
      let wire: unknown;
      const authorized = async (url: string, init: RequestInit = {}) => {
        const headers = {
          ...Object.fromEntries(new Headers(init.headers)),
          authorization: AUTHORIZATION,
        };
        const response = await fetch(url, { ...init, headers });
        wire = await response.clone().json();
        return response;
      };
      const vendor = new BacklinksApi(world().apiUrl, { fetch: authorized });
      const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      const method: unknown = Reflect.get(vendor, `${camel}Live`);
      if (typeof method !== 'function') throw new Error(`the vendor's client has no ${camel}Live`);
      const response: unknown = await Reflect.apply(method, vendor, [[AIMS[ENDPOINTS[name].kind]]]);
      expect(response).toMatchObject({ status_code: 20000, tasks_error: 0 });
      expect(JSON.parse(JSON.stringify(response))).toEqual(wire);
    });

    it('as the vendor’s Python example sends it: a map, marked as compressed, which it is not', async () => {
      const headers = { 'content-encoding': 'gzip', 'accept-encoding': 'identity', 'content-type': '' };
      const { tasks } = await ask('backlinks/bulk_ranks/live', JSON.stringify({ '0': AIMS.bulk }), { headers });
      expect(tasks).toMatchObject([{ status_code: 20000, result: [{ items_count: 1 }] }]);
    });

    it('as its node of n8n sends it: a list, whose optional parameters are all there', async () => {
      const headers = { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'n8n' };
      const posted = { targets: ['google.com'], include_subdomains: true, rank_scale: 'one_thousand', tag: null };
      const { tasks } = await ask('backlinks/bulk_pages_summary/live', [posted], { headers });
      expect(tasks).toMatchObject([{ status_code: 20000, result: [{ total_count: 1, items_count: 1 }] }]);
    });
  });

  describe('a body', () => {
    const path = 'backlinks/bulk_backlinks/live';
    it.each([
      ['empty', '', 40502],
      ['no JSON', '{', 40503],
      ['a bare task', '{"targets":["a.com"]}', 40503],
      ['an empty list', '[]', 40502],
      ['101 tasks', JSON.stringify(Array.from({ length: 101 }, () => ({}))), 40006],
    ])('%s is refused whole, at no cost', async (_, body, code) => {
      const bill = await openBill();
      expect(await ask(path, body)).toMatchObject({ http: 200, status_code: code, tasks: null, cost: 0 });
      expect(await bill.charged()).toBe(0);
    });

    it.each([
      [{}, 40501, "Invalid Field: 'targets'."],
      [{ targets: ['no target'] }, 40501, "Invalid Field: 'targets'."],
      [{ targets: ['a.com'], limit: 5, deep: 1 }, 40506, 'Unknown Fields in POST Data: limit, deep'],
    ])('with the task %j is answered as the upstream does', async (posted, code, message) => {
      const answer = await ask(path, [posted]);
      const direct = await askUpstream(path, [posted]);
      for (const { tasks, ...said } of [answer, direct]) {
        expect(said).toMatchObject({ status_code: 20000, tasks_error: 1, cost: 0 });
        expect(tasks?.[0]).toMatchObject({ status_code: code, status_message: message, result: null, cost: 0 });
      }
    });

    it('of several tasks runs the first, and one with numbered keys is a list', async () => {
      const { tasks, cost } = await ask(path, { 0: { targets: ['google.com'] }, 1: { targets: ['a.com'] } });
      expect(tasks?.map(({ status_code }) => status_code)).toEqual([20000, 40000]);
      expect(cost).toBe(tasks?.[0]?.cost);
    });

    it('may be compressed, and the answer is', async () => {
      const packed = gzipSync(JSON.stringify([{ targets: ['google.com'] }]));
      const answer = await ask(path, packed, { headers: { 'content-encoding': 'gzip' } });
      expect(answer.tasks?.[0]?.status_code).toBe(20000);
      const posted = [{ target: 'google.com', limit: 50 }];
      const response = await fetch(`${world().apiUrl}/v3/backlinks/backlinks/live`, {
        method: 'POST',
        body: JSON.stringify(posted),
      });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(envelope.parse(await response.json()).tasks?.[0]?.status_code).toBe(20000);
    });

    it('for what is not there is refused', async () => {
      expect(await ask('backlinks/nothing/live', [{}])).toMatchObject({ http: 404, status_code: 40400 });
    });
  });

  describe('equal requests at once', () => {
    it('are bought once: the others join the first, though it is not accepted yet', async () => {
      const bill = await openBill();
      const answers = await Promise.all(Array.from({ length: 6 }, () => live(['linkedin.com'])));
      expect(answers.map(({ tasks }) => tasks?.[0]?.status_code)).toEqual(Array(6).fill(20000));
      expect(await bill.calls()).toBe(1);
      expect(answers.reduce((sum, { cost }) => sum + nanos(cost), 0)).toBe(await bill.charged());
    });
  });

  describe('a client that goes', () => {
    it('after its call was sent: an equal request gets that answer, at no cost', async () => {
      await world().settings({ hold: true });
      const bill = await openBill();
      const gone = new AbortController();
      const first = live(['twitter.com'], { signal: gone.signal });
      await expect.poll(bill.calls, WHILE_POLLING).toBe(1);
      gone.abort();
      await expect(first).rejects.toThrow();
      const second = live(['twitter.com']);
      await world().settings({ hold: false });
      const { tasks, cost } = await second;
      expect(cost).toBe(0);
      expect(tasks?.[0]).toMatchObject({
        status_code: 20000,
        cost: 0,
        result: [{ items: [{ target: 'twitter.com' }] }],
      });
      expect(await bill.calls()).toBe(1);
      // What was paid for is found, with its cost.
      const found = await onlyTask(`backlinks/task_get/${tasks?.[0]?.id}`);
      expect(nanos(found.cost)).toBe(await bill.charged());
      expect(found.result).toEqual(tasks?.[0]?.result);
    });

    it('because the API was killed: another one gives equal requests those answers, bought once', async () => {
      await world().settings({ hold: true });
      const bill = await openBill();
      const targets = ['linkedin.com', 'instagram.com'];
      const cut = targets.map((target) => live([target]).catch(() => null));
      const open = async () => (await world().client.jobs({ status: 'running' })).jobs.length;
      await expect.poll(open, WHILE_POLLING).toBe(targets.length);
      await world().api.child.kill();
      expect(await Promise.all(cut)).toEqual(targets.map(() => null));
      await world().restartApi();
      const again = targets.map((target) => live([target]));
      await world().settings({ hold: false });
      for (const [at, { tasks, cost }] of (await Promise.all(again)).entries()) {
        expect([cost, tasks?.[0]?.status_code]).toEqual([0, 20000]);
        expect(tasks?.[0]?.result).toMatchObject([{ items: [{ target: targets[at] }] }]);
      }
      expect(await bill.calls()).toBe(targets.length);
    });

    it('before: it is withdrawn and costs nothing', async () => {
      await world().settings({ hold: true });
      const bill = await openBill();
      const holder = live(['facebook.com']);
      await expect.poll(bill.calls, WHILE_POLLING).toBe(1);
      const gone = new AbortController();
      const first = live(['apple.com'], { signal: gone.signal });
      const running = async () => (await world().client.jobs({ status: 'running' })).jobs.length;
      await expect.poll(running, WHILE_POLLING).toBe(2);
      gone.abort();
      await expect(first).rejects.toThrow();
      const newest = async () => (await world().client.jobs({ limit: 1 })).jobs[0]?.status;
      await expect.poll(newest, WHILE_POLLING).toBe('cancelled');
      await world().settings({ hold: false });
      expect((await holder).status_code).toBe(20000);
      expect(await bill.calls()).toBe(1);
    });
  });

  describe('a budget', () => {
    it('that is over is answered 40210, at no cost', async () => {
      const bill = await openBill();
      await setTenant({ budget_usd: 0.001 });
      const { tasks, cost } = await live(['microsoft.com']);
      expect([tasks?.[0]?.status_code, cost]).toEqual([40210, 0]);
      expect(await onlyTask('appendix/user_data')).toMatchObject({ result: [{ money: { total: 0.001, balance: 0 } }] });
      await setTenant({ budget_usd: null });
      expect((await live(['microsoft.com'])).tasks?.[0]?.status_code).toBe(20000);
      expect(await bill.calls()).toBe(1);
    });
  });
}
