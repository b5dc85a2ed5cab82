import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { nextEvent } from '../redis/next-event.js';
import type { SlotQueue } from './permit-queue.js';

interface SlotOptions {
  readonly subscriber: Redis;
  /** The account's channel. */
  readonly channel: string;
  /** The worker's own channel. */
  readonly ownChannel: string;
  readonly leave: () => Promise<void>;
  /** Called when grants begin at another server, or at one that has lost its keys. */
  readonly reopened: () => void;
}

/** Listens for slots that are held for this worker. A message that comes before anyone waits for it is kept. */
export function listenForSlots(options: SlotOptions): SlotQueue {
  const { subscriber, channel, ownChannel: own, leave, reopened } = options;
  const emitter = new EventEmitter().setMaxListeners(0);
  let called = false;
  const call = () => {
    called = true;
    emitter.emit('slot');
  };
  void subscriber.subscribe(channel, own).catch(() => undefined);
  subscriber.on('message', (from) => {
    if (from === own) call();
    if (from !== channel) return;
    reopened();
    call();
  });
  // Messages that came while the connection was away are lost.
  subscriber.on('ready', call);
  return {
    async slot(ms, signal) {
      if (!called) await nextEvent(emitter, 'slot', { ms: Math.ceil(ms), signal });
      called = false;
    },
    interrupt: () => emitter.emit('slot'),
    leave,
  };
}
