import { gunzipSync } from 'node:zlib';
import { ENDPOINTS, type EndpointName, upstreamTimestamp } from '@linkhaul/schemas';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nanos, WHILE_POLLING } from '../harness.js';
import { startReceiver } from '../receiver.js';
import { AIMS, resultText, type Script } from './script.js';

export function testStandard({ world, ask, onlyTask, setTenant, openBill }: Script): void {
  describe('Standard tasks', () => {
    const path = 'backlinks/bulk_backlinks';
    const ready = async () => ((await onlyTask(`${path}/tasks_ready`)).result ?? []).map(({ id }) => id);

    it('are packed into one call, told when ready, fetched one by one, and their shares are the cost', async () => {
      const bill = await openBill();
      const receiver = await startReceiver();
      const hooks = {
        pingback_url: `${receiver.url}/ping?id=$id&tag=$tag`,
        postback_url: `${receiver.url}/post?id=$id`,
        postback_data: 'regular',
      };
      const posted = [
        { targets: ['google.com'], tag: 'a b' },
        { targets: ['facebook.com', 'twitter.com'], tag: 'b & c', ...hooks },
        { targets: ['no target'] },
        { targets: ['google.com'], tag: 'the same again' },
      ];
      const { tasks = [], cost, tasks_error } = await ask(`${path}/task_post`, posted);
      expect([cost, tasks_error]).toEqual([0, 1]);
      expect(tasks?.map(({ status_code }) => status_code)).toEqual([20100, 20100, 40501, 20100]);
      const ids = (tasks ?? []).filter(({ status_code }) => status_code === 20100).map(({ id }) => id);
      // The second is posted back, and need not be fetched.
      await expect.poll(ready, WHILE_POLLING).toEqual([ids[0], ids[2]]);
      expect(await bill.calls()).toBe(1);
      await onlyTask(`${path}/task_get/${ids[0]}`);
      expect(await ready()).toEqual([ids[2]]);

      const fetched = await Promise.all(ids.map((id) => onlyTask(`${path}/task_get/${id}`)));
      expect(fetched.map(({ data }) => data.tag)).toEqual(['a b', 'b & c', 'the same again']);
      const targets = fetched.map(({ result }) =>
        z.array(z.looseObject({ target: z.string() })).parse(result?.[0]?.items),
      );
      expect(targets.map((items) => items.map(({ target }) => target).toSorted())).toEqual([
        ['google.com'],
        ['facebook.com', 'twitter.com'],
        ['google.com'],
      ]);
      expect(fetched.reduce((sum, { cost: share }) => sum + nanos(share), 0)).toBe(await bill.charged());
      expect(await ready()).toEqual([]);

      await receiver.received(2);
      const second = ids[1] ?? '';
      const [ping, post] = receiver.seen.toSorted((one, other) => one.method.localeCompare(other.method));
      expect(ping).toMatchObject({ method: 'GET', path: `/hook/ping?id=${second}&tag=b%20%26%20c` });
      expect(post).toMatchObject({ method: 'POST', path: `/hook/post?id=${second}` });
      expect(JSON.parse(gunzipSync(post?.bytes ?? Buffer.alloc(0)).toString()).tasks[0]).toMatchObject({
        id: second,
        result: fetched[1]?.result,
      });
    });

    it('pay what one call of them would have cost; what the refused one cost more is its own', async () => {
      const bill = await openBill();
      await world().fault({
        kind: 'status',
        code: 40501,
        level: 'task',
        target: 'bad.com',
        message: "Invalid Field: 'targets'.",
      });
      const posted = ['google.com', 'facebook.com', 'twitter.com', 'bad.com'].map((target) => ({ targets: [target] }));
      const { tasks } = await ask(`${path}/task_post`, posted);
      const ids = (tasks ?? []).map(({ id }) => id);
      await expect.poll(ready, WHILE_POLLING).toEqual(ids);
      await world().clearFaults();
      const fetched = await Promise.all(ids.map((id) => onlyTask(`${path}/task_get/${id}`)));
      expect(fetched.map(({ status_code }) => status_code)).toEqual([20000, 20000, 20000, 40501]);
      expect(fetched[3]?.status_message).toBe("Invalid Field: 'targets'.");
      const costs = fetched.map(({ cost }) => nanos(cost));
      expect(costs).toEqual([8_036_000, 8_036_000, 8_036_000, 24_000_000]);
      expect(costs.reduce((sum, cost) => sum + cost)).toBe(await bill.charged());
    });

    it('whose targets were not all asked for say that they have a part', async () => {
      await world().settings({ hold: true });
      const of = (name: string) => Array.from({ length: 60 }, (_, at) => `${name}-${at}.com`);
      const posted = [{ targets: of('first') }, { targets: of('second') }];
      const { tasks } = await ask('backlinks/bulk_pages_summary/task_post', posted);
      const { jobs } = await world().client.jobs({ limit: 1 });
      const id = jobs[0]?.id ?? '';
      await world().arrived(id, 1);
      // The other call waits for its turn: one call may be under way at a time.
      await world().client.cancel(id);
      await world().settings({ hold: false });
      const get = (at: number) => onlyTask(`backlinks/bulk_pages_summary/task_get/${tasks?.[at]?.id}`);
      const codes = async () => (await Promise.all([get(0), get(1)])).map(({ status_code }) => status_code);
      await expect.poll(codes, WHILE_POLLING).toEqual([20000, 40106]);
      const [{ items = [] } = {}] = (await get(1)).result ?? [];
      expect(items).toHaveLength(40);
    });

    it('of a list are calls of one job, each with its own result, as soon as it is there', async () => {
      const refusal = { code: 50000, level: 'task', message: 'Internal Error.' };
      await world().fault({ kind: 'status', target: 'facebook.com', ...refusal });
      const receiver = await startReceiver();
      const pingback_url = `${receiver.url}/$id`;
      const posted = ['google.com', 'facebook.com'].map((target) => ({ target, limit: 3, pingback_url }));
      const { tasks } = await ask('backlinks/anchors/task_post', posted);
      const get = async (id = '') => onlyTask(`backlinks/anchors/task_get/${id}`);
      const listed = async () => (await onlyTask('backlinks/anchors/tasks_ready')).result?.map(({ id }) => id);
      await expect.poll(listed, WHILE_POLLING).toEqual([tasks?.[0]?.id]);
      expect((await get(tasks?.[1]?.id)).status_code).toBe(40602);
      await receiver.received(1);
      await world().clearFaults();
      for (const [at, { id }] of (tasks ?? []).entries()) {
        await expect.poll(async () => (await get(id)).status_code, WHILE_POLLING).toBe(20000);
        expect((await get(id)).result).toMatchObject([{ target: posted[at]?.target }]);
      }
      expect(await listed()).toBeUndefined();
      await receiver.received(2);
      expect(receiver.seen.map(({ path }) => path)).toEqual((tasks ?? []).map(({ id }) => `/hook/${id}`));
    });
  });

  describe('a tenant that has answers reused', () => {
    const KINDS = ['bulk_ranks', 'backlinks', 'summary', 'domain_intersection'] as const;

    it('gets what it has as it was bought, and pays for the rest alone', async () => {
      const aims = { ...AIMS, list: { target: 'google.com', limit: 5 } };
      const asked = (name: EndpointName) => ask(`backlinks/${name}/live`, [aims[ENDPOINTS[name].kind]]);
      const bought = await Promise.all(KINDS.map(asked));
      await setTenant({ max_age: '1h' });
      const bill = await openBill();
      const reused = await Promise.all(KINDS.map(asked));
      expect(reused.map(resultText)).toEqual(bought.map(resultText));
      expect(reused.map(({ tasks }) => tasks?.[0]?.result)).toEqual(bought.map(({ tasks }) => tasks?.[0]?.result));
      expect(reused.map(({ cost }) => cost)).toEqual(KINDS.map(() => 0));
      expect(await bill.calls()).toBe(0);

      const posted = [{ targets: ['google.com', 'apple.com'] }, { targets: ['google.com'] }];
      const { tasks } = await ask('backlinks/bulk_ranks/task_post', posted);
      const get = (id: string) => onlyTask(`backlinks/bulk_ranks/task_get/${id}`);
      const ids = (tasks ?? []).map(({ id }) => id);
      const last = ids.at(-1) ?? '';
      await expect.poll(async () => (await get(last)).status_code, WHILE_POLLING).toBe(20000);
      const [both, one] = await Promise.all(ids.map(get));
      expect([nanos(both?.cost ?? 0), one?.cost]).toEqual([await bill.charged(), 0]);
      expect(both?.result).toMatchObject([{ items_count: 2 }]);
      expect(one?.result).toEqual(reused[0]?.tasks?.[0]?.result);
      expect(await bill.calls()).toBe(1);
      await setTenant({ max_age: null });
    });
  });

  describe('the record', () => {
    const within = { datetime_from: '2026-01-01 00:00:00 +00:00', datetime_to: '2100-01-01 00:00:00 +00:00' };

    it('lists the calls of the tenant with their costs, and those that failed', async () => {
      const from = upstreamTimestamp(new Date(Date.now() - 86_400_000));
      const { result } = await onlyTask('backlinks/id_list', [
        { ...within, datetime_from: from, include_metadata: true },
      ]);
      const entries = z.array(z.looseObject({ cost: z.number(), metadata: z.object({}).loose() })).parse(result);
      const { totals } = await world().record();
      // An answer that an equal request joined is one entry.
      expect(entries.reduce((sum, { cost }) => sum + nanos(cost), 0)).toBe(nanos(totals.cost_usd) - (await direct()));
      const failed = await onlyTask('backlinks/errors', [{}]);
      expect(failed.result).toMatchObject([
        { function: 'backlinks/bulk_pages_summary', error_code: 40106 },
        { function: 'backlinks/bulk_backlinks', error_code: 40501 },
        { error_code: 40103 },
        { error_code: 40103 },
      ]);
    });

    /** What the tests' own calls to the upstream have cost. */
    async function direct(): Promise<number> {
      const { requests } = await world().record();
      return requests
        .filter(({ tag }) => !tag?.startsWith('job_'))
        .reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
    }
  });

  it('a job may be told of its end as a task is', async () => {
    const receiver = await startReceiver();
    const hooks = { pingback_url: `${receiver.url}/ping/$id?$tag`, postback_url: `${receiver.url}/post/$id` };
    const { id } = await world().client.submit({ endpoint: 'bulk_ranks', tag: 'a/b', ...hooks }, ['google.com']);
    await receiver.received(2);
    const [ping, post] = receiver.seen.toSorted((one, other) => one.method.localeCompare(other.method));
    expect(ping).toMatchObject({ method: 'GET', path: `/hook/ping/${id}?a%2Fb`, body: '' });
    expect(post).toMatchObject({ method: 'POST', path: `/hook/post/${id}` });
    const told: unknown = JSON.parse(gunzipSync(post?.bytes ?? Buffer.alloc(0)).toString());
    expect(told).toMatchObject({ id, status: 'completed', ...hooks });
    for (const { id: delivery } of (await world().client.deliveries({ job: id })).deliveries) {
      await world().client.redeliver(delivery);
    }
    await receiver.received(4);
    expect(receiver.seen.map(({ id: delivery }) => delivery).toSorted()).toEqual(
      [ping?.id, ping?.id, post?.id, post?.id].toSorted(),
    );
  });
}
