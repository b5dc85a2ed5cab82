import { EventEmitter, once } from 'node:events';
import type { Backend } from '@linkhaul/storage';

/** A storage that writes nothing until it is released. */
export function heldStorage(storage: Backend) {
  const created: string[] = [];
  let asked = 0;
  const gate = new EventEmitter();
  const released = once(gate, 'released');
  return {
    created,
    asked: () => asked,
    release: () => gate.emit('released'),
    storage: {
      ...storage,
      async create(path: string, bytes: Uint8Array) {
        asked++;
        await released;
        created.push(path);
        return storage.create(path, bytes);
      },
    },
  };
}
