import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { clientOf, countedAs, isTrusted } from './addresses.js';
import { createCounts } from './counts.js';
import { createIdleQueue } from './idle-queue.js';
import type { ConnectionLimits } from './limits.js';
import { watchUploads } from './uploads.js';

const LEAST_OFTEN_MS = 1_000;
/** One sixteenth of an address's connections is kept free of its requests, so that the health can always be checked. */
const KEPT_SHARE = 16;

interface Connection {
  readonly socket: Socket;
  /** The address under which it is counted, such as `192.0.2.1` or `2001:db8:0:1::/64`. Null for a trusted proxy. */
  readonly address: string | null;
  readonly responses: Set<ServerResponse>;
  /** When its last request ended, or when it was made; by `performance.now()`, in ms. */
  idleSince: number;
}

/** The open connections of a server. */
export interface Connections {
  /** Whether the client of this request has too many requests open. */
  hasTooMany(incoming: object): boolean;
  /** Closes idle connections now, and each other connection after its last request. */
  finish(): void;
}

/**
 * Holds a server's connections to their limits. A connection whose head is not whole in time is cut, however slowly it sends.
 * At a limit, the connection that has been idle longest is closed for a new one.
 */
export function watchConnections(server: Server, limits: ConnectionLimits): Connections {
  const open = new Map<Socket, Connection>();
  const idle = createIdleQueue<Connection>();
  const perAddress = createCounts();
  let finishing = false;

  const forget = (connection: Connection) => {
    if (!open.delete(connection.socket)) return;
    idle.leave(connection);
    perAddress.remove(connection.address);
  };
  const cut = (connection: Connection | undefined): boolean => {
    if (connection === undefined) return false;
    forget(connection);
    connection.socket.destroy();
    return true;
  };
  const hasRoom = (address: string | null): boolean => {
    if (perAddress.of(address) >= limits.perAddress && !cut(idle.first(address))) return false;
    return open.size < limits.total || cut(idle.first());
  };
  const becomeIdle = (connection: Connection) => {
    connection.idleSince = performance.now();
    idle.join(connection);
  };

  server.prependListener('connection', (socket: Socket) => {
    const peer = socket.remoteAddress;
    const address = peer === undefined || isTrusted(peer, limits.proxies) ? null : countedAs(peer);
    if (peer === undefined || !hasRoom(address)) return void socket.destroy();
    const connection: Connection = { socket, address, responses: new Set(), idleSince: 0 };
    open.set(socket, connection);
    perAddress.add(address);
    becomeIdle(connection);
    socket.once('close', () => forget(connection));
  });
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const connection = open.get(socket);
    if (connection === undefined) return;
    idle.leave(connection);
    connection.responses.add(response);
    response.once('close', () => {
      connection.responses.delete(response);
      if (connection.responses.size > 0 || !open.has(socket)) return;
      becomeIdle(connection);
      if (finishing) socket.destroySoon();
    });
  });
  sweepRegularly(server, limits.headMs, () => {
    const last = performance.now() - limits.headMs;
    for (let next = idle.first(); next && next.idleSince < last; next = idle.first()) cut(next);
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

/** Counts the open requests of each client, and cuts bodies that fall silent. */
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

/** Calls `sweep` every second, or more often for a shorter limit, until the server is closed. */
function sweepRegularly(server: Server, limitMs: number, sweep: (everyMs: number) => void): void {
  const everyMs = Math.min(limitMs, LEAST_OFTEN_MS);
  const timer = setInterval(() => sweep(everyMs), everyMs).unref();
  server.once('close', () => clearInterval(timer));
}

/** Tells the client to send its next request on another connection, since this one will be closed. */
function tellLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
