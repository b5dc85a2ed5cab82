import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { type Job, job } from '@linkhaul/schemas';
import { onTestFinished } from 'vitest';

interface ServerEvent {
  readonly name: string;
  readonly id: string;
  readonly data: unknown;
}

interface Connection {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Resolves at the first event that makes it true, also of those that came before; rejects if the stream ends without. */
  until(isEnough: () => boolean): Promise<void>;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  pause(): void;
  resume(): void;
  leave(): void;
}

interface Listening {
  readonly url: string;
  readonly lastEventId: string | undefined;
  readonly key?: string | undefined;
  heard(event: ServerEvent): void;
}

/** Opens a stream of events as an EventSource does. */
async function openStream({ url, lastEventId, key, heard }: Listening): Promise<Connection> {
  const headers = {
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  };
  let request: ClientRequest | undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(url, { headers, agent: false }, resolve).on('error', reject);
  });
  onTestFinished(() => void request?.destroy());
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
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('event') === '') continue;
      heard({ name: field('event'), id: field('id'), data: JSON.parse(field('data')) });
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
    ended,
    async until(isEnough) {
      while (!isEnough()) {
        if (isOver) throw new Error('the stream has ended');
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    pause: () => response.pause(),
    resume: () => response.resume(),
    leave: () => void request?.destroy(),
  };
}

interface Listener extends Omit<Connection, 'until'> {
  /** The states that came, each with its id. */
  readonly states: { readonly id: string; readonly job: Job }[];
  /** Resolves when this number of states has come; rejects if the stream ends before. */
  received(states: number): Promise<void>;
}

/** Listens to a job. */
export async function listenTo(url: string, lastEventId?: string): Promise<Listener> {
  const states: { id: string; job: Job }[] = [];
  const stream = await openStream({
    url,
    lastEventId,
    heard({ name, id, data }) {
      if (name === 'job') states.push({ id, job: job.parse(data) });
    },
  });
  return { ...stream, states, received: (count) => stream.until(() => states.length >= count) };
}

/** An event of the stream of all jobs. */
interface JobsEvent {
  readonly name: string;
  /** Its place in the stream. */
  readonly place: string;
  /** Null for a reset. */
  readonly id: string | null;
  /** The job's; null where it is deleted. */
  readonly job: Job | null;
}

interface AllListener extends Connection {
  readonly events: JobsEvent[];
}

/** Listens to all jobs of a tenant. */
export async function listenToAll(
  service: string,
  { after, key, on }: { after?: string; key?: string; on?: (event: JobsEvent) => void } = {},
): Promise<AllListener> {
  const events: JobsEvent[] = [];
  const stream = await openStream({
    url: `${service}/v1/jobs/events`,
    lastEventId: after,
    key,
    heard({ name, id: place, data }) {
      const told = name === 'job' ? job.parse(data) : null;
      const { id = null } = data as { id?: string };
      const event = { name, place, id, job: told };
      events.push(event);
      on?.(event);
    },
  });
  return { ...stream, events };
}
