import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientOf, countedAs, isTrusted } from './addresses.js';
import { createCounts } from './counts.js';
import type { ConnectionLimits } from './limits.js';
import { watchUploads } from './uploads.js';
import { createWaitingLine } from './waiting-line.js';

const LEAST_OFTEN_MS = 1_000;
/** Of an address's connections one in so many is kept from its requests, so that who asks for the health gets in. */
const KEPT_SHARE = 16;

interface Connection {
  readonly socket: Socket;
  /** As it is counted; null for a trusted proxy. */
  readonly address: string | null;
  readonly responses: Set<ServerResponse>;
  /** When its last request ended, or it was made. */
  restingSince: number;
}

/** The connections of a server. */
export interface Connections {
  /** Whether the client of a request has more of them open than it may. */
  hasTooMany(incoming: object): boolean;
  /** From now on a connection ends with its requests. */
  finish(): void;
}

/**
 * Keeps account of a server's connections. One that brings no whole head in time is cut, whether it is silent or drips; where
 * there are as many as may be, the one that has been without a request for the longest makes room for a new one.
 */
export function watchConnections(server: Server, limits: ConnectionLimits): Connections {
  const open = new Map<Socket, Connection>();
  const waiting = createWaitingLine<Connection>();
  const perAddress = createCounts();
  let finishing = false;

  const forget = (connection: Connection) => {
    if (!open.delete(connection.socket)) return;
    waiting.leave(connection);
    perAddress.remove(connection.address);
  };
  const cut = (connection: Connection | undefined): boolean => {
    if (connection === undefined) return false;
    forget(connection);
    connection.socket.destroy();
    return true;
  };
  const hasRoom = (address: string | null): boolean => {
    if (perAddress.of(address) >= limits.perAddress && !cut(waiting.first(address))) return false;
    return open.size < limits.total || cut(waiting.first());
  };
  const rest = (connection: Connection) => {
    connection.restingSince = performance.now();
    waiting.join(connection);
  };

  server.prependListener('connection', (socket: Socket) => {
    const peer = socket.remoteAddress;
    const address = peer === undefined || isTrusted(peer, limits.proxies) ? null : countedAs(peer);
    if (peer === undefined || !hasRoom(address)) return void socket.destroy();
    const connection: Connection = { socket, address, responses: new Set(), restingSince: 0 };
    open.set(socket, connection);
    perAddress.add(address);
    rest(connection);
    socket.once('close', () => forget(connection));
  });
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = open.get(socket);
    if (connection === undefined) return;
    waiting.leave(connection);
    connection.responses.add(response);
    response.once('close', () => {
      connection.responses.delete(response);
      if (connection.responses.size > 0 || !open.has(socket)) return;
      rest(connection);
      if (finishing) socket.destroySoon();
    });
  });
  sweepRegularly(server, limits.headMs, () => {
    const last = performance.now() - limits.headMs;
    for (let next = waiting.first(); next && next.restingSince < last; next = waiting.first()) cut(next);
  });

  return {
    hasTooMany: watchRequests(server, limits),
    finish() {
      finishing = true;
      for (const { socket, responses } of [...open.values()]) {
        if (responses.size === 0) socket.destroy();
        for (const response of responses) tellLast(response);
      }
    },
  };
}

/** Counts the open requests of each client, and watches what they send. */
function watchRequests(server: Server, limits: ConnectionLimits): Connections['hasTooMany'] {
  const most = limits.perAddress - Math.ceil(limits.perAddress / KEPT_SHARE);
  const counts = createCounts();
  const tooMany = new WeakSet<object>();
  const uploads = watchUploads(limits.silenceMs);
  server.prependListener('request', (incoming: IncomingMessage, response: ServerResponse) => {
    const client = clientOf(incoming, limits.proxies);
    counts.add(client);
    if (counts.of(client) > most) tooMany.add(incoming);
    const end = uploads.begin(incoming);
    response.once('close', () => {
      counts.remove(client);
      end();
    });
  });
  sweepRegularly(server, limits.silenceMs, uploads.sweep);
  return (incoming) => tooMany.has(incoming);
}

/** Often enough for a limit of so many milliseconds. */
function sweepRegularly(server: Server, limitMs: number, sweep: (everyMs: number) => void): void {
  const everyMs = Math.min(limitMs, LEAST_OFTEN_MS);
  const timer = setInterval(() => sweep(everyMs), everyMs).unref();
  server.once('close', () => clearInterval(timer));
}

/** So that the client opens another connection for its next request, rather than lose it on this one. */
function tellLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
