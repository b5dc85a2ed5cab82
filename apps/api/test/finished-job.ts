import { jobOf, postJson } from './http.js';
import type { Service } from './service.js';
import { createWorker } from './upstream.js';

/** A finished job of a list endpoint: rows that are ok, empty, failed, invalid, named and asked for twice. */
export async function finishedListJob(service: Service, tag = 'lists'): Promise<string> {
  const targets = [{ target: 'a.com', id: '=1+1' }, 'no', 'b.com', 'www.a.com', 'c.com'];
  const body = { endpoint: 'domain_pages', targets, tag };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
  const worker = await createWorker(service, { tenant: 'local', id });
  await worker.plan();
  await worker.send();
  const soFar = { offset: 0, costSoFar: 24_000_000, truncated: null };
  await worker.settle(1, {
    outcome: { kind: 'list', ...soFar, totalCount: 3, items: 2, itemsSoFar: 2, status: 'ok' },
    items: [
      {
        page: 'https://a.com/"x",\n',
        size: 10,
        meta: { title: '@SUM(A1)', h1: ['é'] },
        page_summary: {
          rank: -3,
          first_seen: '2024-01-02 03:04:05 +00:00',
          referring_links_countries: { '': 7, US: 1 },
        },
      },
      { page: '', size: null, fetch_time: 'never', more: { new: 1 } },
    ],
  });
  await worker.settle(2, {
    outcome: { kind: 'list', ...soFar, totalCount: 0, items: 0, itemsSoFar: 0, status: 'empty' },
  });
  const failed = { code: 'upstream_error' as const, message: '50000 Oops', itemsSoFar: 0, costSoFar: 24_000_000 };
  await worker.settle(3, { outcome: { kind: 'failed', ...failed } });
  await worker.finish();
  return `${service.url}/v1/jobs/${id}`;
}
