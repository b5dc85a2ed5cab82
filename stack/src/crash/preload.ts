/**
 * Loaded before the worker's own code (`node --import`). Watches what the process writes and reads, and kills it with
 * SIGKILL at the crash point that the environment names, so that not one more instruction of the worker runs.
 *
 * undici and ioredis publish what they do on `node:diagnostics_channel`. ioredis publishes a command only after writing
 * the command, so points before the write are detected at the socket.
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
  // A script that Redis does not know yet is sent twice, by digest and by source. That counts once.
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

/** The request has been written. The callback of an empty write after it runs when the kernel has taken all bytes. */
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

/** ioredis publishes the end of a command before the code that awaits the reply continues. */
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

/** The attempt that a message of undici is about; null if the request is not a call. */
function sentIn(message: unknown): CrashedAt | null {
  const request = fieldOf(message, 'request');
  if (!/\/live$/.test(String(fieldOf(request, 'path')))) return null;
  const [job = '', call, number] = tagIn(String(fieldOf(request, 'body'))).split('.');
  return { job, attempt: { call: Number(call), number: Number(number) } };
}

/** The tag in a request body, `<job>.<call>.<attempt>.<nonce>`. The body is a task or an array with one task. */
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
