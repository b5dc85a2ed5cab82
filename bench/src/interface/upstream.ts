import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { serveLoopback } from '../loopback.js';

export interface BulkUpstream {
  readonly url: string;
  /** When it gave its last answer, by `performance.now()`. */
  readonly answeredAt: number;
  close(): void;
}

const tasks = z.tuple([z.looseObject({ targets: z.array(z.string()) })]);

/** A Backlinks API with `bulk_backlinks` alone: it answers with an item for each target, after `latencyMs` milliseconds. */
export async function startBulkUpstream(latencyMs: number): Promise<BulkUpstream> {
  let answeredAt = 0;
  const { url, close } = await serveLoopback(async (request, response) => {
    const body = await json(request).catch(() => null);
    const asked = tasks.safeParse(body);
    // Other requests of a worker, such as for the balance.
    if (!asked.success) return void response.writeHead(404).end();
    await sleep(latencyMs);
    const text = JSON.stringify(answerTo(asked.data[0]));
    response.setHeader('content-type', 'application/json').end(text);
    answeredAt = performance.now();
  });
  return {
    url,
    get answeredAt() {
      return answeredAt;
    },
    close,
  };
}

function answerTo(sent: { readonly targets: readonly string[] }) {
  const items = sent.targets.map((target, at) => ({ target, backlinks: at }));
  const ok = { status_code: 20000, status_message: 'Ok.', cost: 0.06 };
  const data = { api: 'backlinks', function: 'bulk_backlinks', ...sent };
  const result = [{ items_count: items.length, items }];
  const id = '11220000-1535-0576-0000-000000000000';
  const path = ['v3', 'backlinks', 'bulk_backlinks', 'live'];
  const task = { id, ...ok, result_count: 1, path, data, result };
  return { version: '0.1.20261101', ...ok, tasks_count: 1, tasks_error: 0, tasks: [task] };
}
