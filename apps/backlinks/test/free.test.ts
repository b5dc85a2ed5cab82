import { describe, expect, test } from 'vitest';
import { serveAllTests } from './serve-tests.js';
import { call, getEnvelope, startServer } from './support.js';

const server = serveAllTests();

describe('what is free', () => {
  test('index tells how large the graph is', async () => {
    const { links, pages } = server.graph.counts;
    const envelope = await getEnvelope(server, '/v3/backlinks/index');
    expect(envelope).toMatchObject({
      cost: 0,
      tasks: [{ path: ['v3', 'backlinks', 'index'], data: { api: 'backlinks', function: 'index' }, result_count: 1 }],
    });
    const size = { total_backlinks: links, total_pages: pages };
    expect(envelope.tasks?.[0]?.result).toMatchObject([
      { ...size, index_history: [{ date: expect.stringMatching(/ \+00:00$/), ...size }] },
    ]);
  });

  test('appendix/errors lists every code with its message', async () => {
    const [task] = (await getEnvelope(server, '/v3/appendix/errors')).tasks ?? [];
    expect(task).toMatchObject({ path: ['v3', 'appendix', 'errors'], cost: 0 });
    expect(task?.result).toContainEqual({ code: 20000, message: 'Ok.' });
    expect(task?.result).toContainEqual({ code: 40209, message: 'Too many simultaneous queries.' });
    expect(task?.result).toContainEqual({ code: 50401, message: 'Internal Error - Timeout.' });
    expect(task?.result?.length).toBe(task?.result_count);
  });

  test('user_data tells the limits, the use, the money and the prices', async () => {
    const fresh = await startServer(server.graph, { settings: { balance_usd: 5, max_per_minute: 700 } });
    await call(fresh, 'bulk_backlinks', { targets: ['forbes.com'] });
    const envelope = await getEnvelope(fresh, '/v3/appendix/user_data');
    const at = (type: string, cost: number) => ({ cost_type: type, cost });
    const live = { live: { priority_normal: [at('per_request', 0.024), at('per_result', 0.000036)] } };
    const free = { priority_normal: [at('per_request', 0), at('per_result', 0)] };
    expect(envelope).toMatchObject({ cost: 0, tasks: [{ result_count: 1 }] });
    expect(envelope.tasks?.[0]?.result).toMatchObject([
      {
        login: 'local',
        timezone: 'UTC',
        rates: {
          limits: { minute: { total: 700, backlinks: { bulk_backlinks: { live: 700 }, id_list: 10 } } },
          statistics: { day: { total: 1, backlinks: { bulk_backlinks: { live: 1 } } } },
        },
        money: {
          total: 5,
          balance: 4.975964,
          statistics: { day: { total: 0.024036, backlinks: { bulk_backlinks: { live: 0.024036 } } } },
        },
        price: {
          backlinks: { bulk_backlinks: live, referring_domains: live, id_list: free },
          appendix: { errors: free },
        },
        backlinks_subscription_expiry_date: null,
      },
    ]);
    await fresh.stop();
  });

  test('is not open to everybody', async () => {
    for (const path of ['/v3/backlinks/index', '/v3/appendix/errors', '/v3/appendix/user_data']) {
      expect((await fetch(server.url + path)).status).toBe(401);
    }
  });
});
