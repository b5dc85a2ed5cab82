import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { type Job, job } from '@linkhaul/schemas';
import { onTestFinished } from 'vitest';

interface Listener {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The states that came, each with its id. */
  readonly states: { readonly id: string; readonly job: Job }[];
  /** Resolves when this number of states has come; rejects if the stream ends before. */
  received(states: number): Promise<void>;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  pause(): void;
  resume(): void;
  leave(): void;
}

/** Listens to a job as an EventSource does. */
export async function listenTo(url: string, lastEventId?: string): Promise<Listener> {
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  let request: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(url, { headers, agent: false }, resolve).on('error', reject);
  });
  onTestFinished(() => void request?.destroy());
  const states: { id: string; job: Job }[] = [];
  let text = '';
  const waiting: (() => void)[] = [];
  const tell = () => {
    for (const look of waiting.splice(0)) look();
  };
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      if (field('event') !== 'job') continue;
      states.push({ id: field('id') ?? '', job: job.parse(JSON.parse(field('data') ?? '')) });
    }
    tell();
  });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    response.on('close', () => {
      isOver = true;
      tell();
      resolve();
    });
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    states,
    ended,
    async received(count) {
      while (states.length < count) {
        if (isOver) throw new Error(`ended after ${states.length} states`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    pause: () => response.pause(),
    resume: () => response.resume(),
    leave: () => void request?.destroy(),
  };
}
