import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { serveLoopback } from '../loopback.js';
import { createCounter, type Limits, type Observation, type Refusal } from './counter.js';

interface Behaviour {
  readonly latencyMs: number;
  readonly limits: Limits;
}

/** A Backlinks API that counts requests and answers one item after a latency. The first part of a path names the caller. */
export interface CountingUpstream {
  readonly url: string;
  /** Sets the behaviour and resets the counts. */
  behave(behaviour: Behaviour): void;
  readonly arrivals: number;
  /** The counts since `behave`, read while requests are running. */
  during(ms: number): Promise<Observation>;
  close(): void;
}

const SPREAD = 0.1;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** `hear`: called with the tag of each request. */
export async function startUpstream(hear: (tag?: string) => void = () => undefined): Promise<CountingUpstream> {
  let latencyMs = 0;
  let counter = createCounter({ inFlight: 0, windows: [] });

  const answer = async (request: IncomingMessage, counted: ReturnType<typeof createCounter>): Promise<unknown> => {
    const at = performance.now();
    const [, caller = ''] = (request.url ?? '').split('/');
    const takes = latencyMs * (1 + SPREAD * (2 * evenly(counted.arrivals) - 1));
    const arrived = counted.arrive({ at, caller, latencyMs: takes });
    try {
      const text = await textOf(request);
      hear(taskIn(text).tag);
      if ('refusal' in arrived) return refused(arrived.refusal);
      await sleep(takes - (performance.now() - at));
      return answered(text);
    } finally {
      // This includes a request that was cut off before it was read.
      counted.leave('run' in arrived ? arrived.run : null, performance.now());
    }
  };

  const { url, close } = await serveLoopback((request, response) => {
    answer(request, counter).then(
      (body) => send(response, body),
      // The caller has closed the connection.
      () => response.destroy(),
    );
  });
  return {
    url,
    behave(behaviour) {
      latencyMs = behaviour.latencyMs;
      counter = createCounter(behaviour.limits);
    },
    get arrivals() {
      return counter.arrivals;
    },
    async during(ms) {
      const from = performance.now();
      await sleep(ms);
      return counter.observe({ from, to: performance.now() });
    },
    close,
  };
}

/** Numbers that are spread evenly over 0 to 1 in any part of the series, so that a short measurement has the right mean. */
function evenly(number: number): number {
  return (number * GOLDEN) % 1;
}

const task = z.object({ target: z.string(), tag: z.string().optional() });

function taskIn(text: string): z.infer<typeof task> {
  const [sent] = z.tuple([task]).parse(JSON.parse(text));
  return sent;
}

function answered(text: string): unknown {
  const sent = taskIn(text);
  const item = { type: 'backlinks_referring_domain', domain: 'example.org', backlinks: 1 };
  return {
    version: '0.1.20261101',
    status_code: 20000,
    status_message: 'Ok.',
    cost: 0.024036,
    tasks_count: 1,
    tasks_error: 0,
    tasks: [
      {
        id: '11220000-1535-0576-0000-000000000000',
        status_code: 20000,
        status_message: 'Ok.',
        cost: 0.024036,
        result_count: 1,
        path: ['v3', 'backlinks', 'referring_domains', 'live'],
        data: { api: 'backlinks', function: 'referring_domains', ...sent },
        result: [{ target: sent.target, total_count: 1, items_count: 1, items: [item] }],
      },
    ],
  };
}

function refused(code: Refusal): unknown {
  const status_message =
    code === 40202 ? 'The rate-limit per minute has been exceeded.' : 'Too many simultaneous queries.';
  return {
    version: '0.1.20261101',
    status_code: code,
    status_message,
    cost: 0,
    tasks_count: 0,
    tasks_error: 0,
    tasks: [],
  };
}

function send(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
