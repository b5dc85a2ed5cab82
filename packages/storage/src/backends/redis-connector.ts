import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import type { RedisNode } from './redis-address.js';
import type { Primary } from './redis-primary.js';

const ASK_AGAIN_MS = 200;
const CLOSE_WITHIN_MS = 2_000;

/** The error of a server that is no longer the primary, or no longer has the slot. */
const MOVED = /^(MOVED|READONLY|UNBLOCKED)/;

/**
 * ioredis' options for connections to the server that is the primary now. The copies that BullMQ makes of a connection have
 * them too.
 */
export function followPrimary(
  primary: Primary,
  { isTls }: { isTls: boolean },
): Pick<RedisOptions, 'Connector' | 'reconnectOnError' | 'tls'> {
  return {
    Connector: connectorTo(primary, isTls ? connectTls : createConnection),
    reconnectOnError: ({ message }) => MOVED.test(message),
    // Tells ioredis to wait for the end of the handshake.
    ...(isTls && { tls: {} }),
  };
}

function connectorTo(primary: Primary, connectTo: (node: RedisNode) => Socket) {
  return class extends AbstractConnector {
    constructor() {
      super(CLOSE_WITHIN_MS);
    }

    /** ioredis never connects again once this rejects. So it asks until it is told to stop. */
    async connect(tell: (type: string, error: Error) => void): Promise<Socket> {
      this.connecting = true;
      for (;;) {
        const node = await primary.find().catch((error: Error) => {
          tell('error', error);
          return null;
        });
        if (!this.connecting) throw new Error('Connection is closed.');
        if (node !== null) {
          const stream = connectTo(node);
          stream.once('error', (error) => {
            this.firstError = error;
          });
          primary.follow(stream, node);
          this.stream = stream;
          return stream;
        }
        await sleep(ASK_AGAIN_MS);
      }
    }

    /** Right after a fail-over, the former primary may still be found although it is a replica by now. */
    override check({ role }: { role?: string }): boolean {
      return role !== 'slave';
    }
  };
}
