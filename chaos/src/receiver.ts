import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhookEvent } from '@linkhaul/schemas';

/** Receives the webhooks of a world, or does not answer them. */
export interface Receiver {
  readonly url: string;
  /** While true, requests are not answered. */
  hangs: boolean;
  /** Whether the end of a job was delivered within a time. */
  heardOf(jobId: string, withinMs: number): Promise<boolean>;
  close(): void;
}

const LOOK_EVERY_MS = 100;

export async function startReceiver(): Promise<Receiver> {
  const ended = new Set<string>();
  const server = createServer(async (request, response) => {
    if (receiver.hangs) return;
    const event = webhookEvent.parse(await json(request));
    if (event.type === 'job.completed' && 'job' in event.data) ended.add(String(event.data.job.id));
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the receiver does not listen on a port');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${address.port}/`,
    hangs: false,
    async heardOf(jobId, withinMs) {
      const end = performance.now() + withinMs;
      while (!ended.has(jobId) && performance.now() < end) await sleep(LOOK_EVERY_MS);
      return ended.has(jobId);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return receiver;
}
