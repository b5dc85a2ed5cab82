import type { Context } from 'hono';
import { type Feeds, MOST_FOLLOWERS } from '../../live/feeds.js';
import { HEARTBEAT } from '../../live/frame.js';
import { ApiProblem } from '../../problem.js';
import type { AppEnv } from '../../services.js';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // Without this nginx would buffer the events.
  'x-accel-buffering': 'no',
};

const RETRY_AFTER_S = '5';

/** A listener of changes. */
interface Listening {
  next(): Promise<Uint8Array | 'heartbeat' | 'end'>;
  release(): void;
}

/** Streams events, unless the tenant already has the most listeners it may have. */
export function answerWithEvents(c: Context<AppEnv>, feeds: Pick<Feeds, 'hasRoom'>, listen: () => Listening): Response {
  requireRoom(feeds, c.get('tenant'));
  return c.body(eventStream(listen), 200, HEADERS);
}

function requireRoom(feeds: Pick<Feeds, 'hasRoom'>, tenant: string): void {
  if (feeds.hasRoom(tenant)) return;
  const detail = `This tenant has ${MOST_FOLLOWERS} listeners on this process: close some, or ask with \`wait_ms\`.`;
  throw new ApiProblem('too_many_requests', detail, { headers: { 'retry-after': RETRY_AFTER_S } });
}

/** Events are made when they are read: a slow reader gets the newest states, and nothing is buffered for it. */
function eventStream(listen: () => Listening): ReadableStream<Uint8Array> {
  let listening: Listening | null = null;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        listening ??= listen();
        const word = await listening.next();
        if (word === 'heartbeat') return controller.enqueue(HEARTBEAT);
        if (word !== 'end') return controller.enqueue(word);
        listening.release();
        controller.close();
      },
      cancel: () => listening?.release(),
    },
    { highWaterMark: 0 },
  );
}
