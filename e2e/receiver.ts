import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebhookEvent, webhookEvent } from '@linkhaul/schemas';
import { onTestFinished } from 'vitest';

interface Received {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly bytes: Buffer;
  readonly event: WebhookEvent;
}

/** A receiver of webhooks. `answer` is called with each request's number, from 1. */
export async function startReceiver(
  answer: (response: ServerResponse, number: number) => void = (response) => response.writeHead(204).end(),
) {
  const seen: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const bytes = Buffer.concat(chunks);
    const body = bytes.toString('utf8');
    seen.push({
      id: headers['webhook-id'] ?? '',
      method: request.method ?? '',
      path: request.url ?? '',
      headers,
      body,
      bytes,
      get event() {
        return webhookEvent.parse(JSON.parse(body));
      },
    });
    server.emit('seen');
    answer(response, seen.length);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    seen,
    /** Closes every connection that has no answer yet. */
    hangUp: () => server.closeAllConnections(),
    async received(requests: number) {
      while (seen.length < requests) await once(server, 'seen');
    },
  };
}
