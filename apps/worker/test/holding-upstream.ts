import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

export interface HeldCall {
  readonly target: string;
  /** The calls without an answer when it arrived. */
  readonly beside: readonly string[];
  answer(): void;
}

const tasks = z.tuple([z.object({ targets: z.tuple([z.string()]), tag: z.string() })]);

/** An upstream that answers a call only when the test says so. */
export async function openHoldingUpstream() {
  const held: HeldCall[] = [];
  const server = createServer(async (request, response) => {
    if (!request.url?.includes('bulk_backlinks')) return response.writeHead(404).end('{"status_code":40400}');
    const [task] = tasks.parse(await json(request));
    const [target] = task.targets;
    held.push({ target, beside: held.map((other) => other.target), answer: () => answer(response, task) });
    return server.emit('held');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${address.port}`,
    held,
    async first(): Promise<HeldCall> {
      while (held.length === 0) await once(server, 'held');
      const [first] = held;
      if (first === undefined) throw new Error('nothing is held');
      return first;
    },
  };
}

function answer(response: ServerResponse, { targets, tag }: { targets: [string]; tag: string }): void {
  const items = targets.map((target) => ({ target, backlinks: 1 }));
  const task = { id: tag, status_code: 20000, cost: 0.02, data: { tag, targets }, result: [{ items_count: 1, items }] };
  response.end(JSON.stringify({ status_code: 20000, cost: 0.02, tasks: [task] }));
}
