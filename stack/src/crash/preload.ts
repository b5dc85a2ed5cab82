/**
 * Loaded into a worker's process before the worker (`node --import`): watches what the process writes and reads, and kills
 * it at the point that the environment names. SIGKILL to oneself: not one more instruction of the worker runs.
 *
 * It listens to what undici and ioredis publish on `node:diagnostics_channel`. A command to Redis is published only after
 * it was written, so that what must be met before is seen at the socket.
 */
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { environment } from '../env.js';
import { lastWords } from './last-words.js';
import { type Crash, type CrashedAt, crashFrom } from './points.js';
import { commandWords, finishedBy, plannedBy, settledBy } from './wire.js';

type Meet = (at: CrashedAt | null) => void;

const WATCHES: Readonly<Record<Crash['point'], (meet: Meet) => void>> = {
  before_sending: (meet) => subscribe('undici:client:sendHeaders', (message) => meet(sentIn(message))),
  after_sending: watchSent,
  after_the_answer: (meet) => subscribe('undici:request:trailers', (message) => meet(sentIn(message))),
  after_rows_are_stored: (meet) => watchCommands((words) => meet(settledBy(words))),
  after_settle: (meet) => watchReplies((words) => meet(settledBy(words))),
  between_settle_and_finish: (meet) => watchCommands((words) => meet(finishedBy(words))),
  while_planning: (meet) => watchReplies((words) => meet(plannedBy(words))),
};

const { point, occurrence } = crashFrom(environment);
const seen = new Set<string>();
WATCHES[point]((at) => {
  if (at === null) return;
  // A script that Redis does not know yet is sent twice: that is one coming by.
  const words = lastWords(at);
  if (seen.add(words).size === occurrence) die(words);
});

function die(words: string): void {
  try {
    writeSync(1, `${words}\n`);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}

/** The request is written by now; an empty write behind it calls back when the kernel has taken all before it. */
function watchSent(meet: Meet): void {
  const sockets = new WeakMap<object, Socket>();
  subscribe('undici:client:sendHeaders', (message) => {
    const request = fieldOf(message, 'request');
    const socket = fieldOf(message, 'socket');
    if (isObject(request) && socket instanceof Socket) sockets.set(request, socket);
  });
  subscribe('undici:request:bodySent', (message) => {
    const at = sentIn(message);
    const request = fieldOf(message, 'request');
    if (at !== null && isObject(request)) sockets.get(request)?.write('', () => meet(at));
  });
}

/** The end of a command is published before anyone who waits for its reply goes on. */
function watchReplies(see: (words: readonly string[]) => void): void {
  subscribe('tracing:ioredis:command:asyncEnd', (message) => {
    const args = fieldOf(message, 'args');
    if (fieldOf(message, 'error') !== undefined || !Array.isArray(args)) return;
    see([fieldOf(message, 'command'), ...args].map(String));
  });
}

function watchCommands(see: (words: readonly string[]) => void): void {
  Socket.prototype.write = new Proxy(Socket.prototype.write, {
    apply(write, socket, args: unknown[]) {
      see(commandWords(args[0]));
      return Reflect.apply(write, socket, args);
    },
  });
}

/** The attempt whose request a message of undici is about; null where it is about another request. */
function sentIn(message: unknown): CrashedAt | null {
  const request = fieldOf(message, 'request');
  if (!/\/live$/.test(String(fieldOf(request, 'path')))) return null;
  const [job = '', call, number] = tagIn(String(fieldOf(request, 'body'))).split('.');
  return { job, attempt: { call: Number(call), number: Number(number) } };
}

/** A task stands in an array or alone, as the upstream wants it; its tag is `<job>.<call>.<attempt>`. */
function tagIn(body: string): string {
  const task: unknown = [JSON.parse(body)].flat()[0];
  return String(fieldOf(task, 'tag'));
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? Reflect.get(value, name) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
