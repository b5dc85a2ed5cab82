import { type ApiKeyView, keysPage, type NewApiKey, type ShownApiKey, shownApiKey } from '@linkhaul/schemas';
import { type CallOptions, get, post, remove } from '../request.js';
import type { Transport } from '../transport.js';

export interface KeyOptions extends CallOptions {
  /** The tenant of the keys. Needed with the admin's key, which belongs to no tenant. */
  readonly tenant?: string;
}

export function keyMethods(transport: Transport) {
  return {
    keys: async (options?: KeyOptions): Promise<ApiKeyView[]> =>
      (await transport.read(get(['keys'], options), keysPage)).keys,
    /** The answer is the only one that shows the key. */
    createKey: (key: NewApiKey, options?: KeyOptions): Promise<ShownApiKey> =>
      transport.read(post(['keys'], options, key), shownApiKey),
    /** Gives the key a new secret. The old one stops working. */
    rotateKey: (id: string, options?: KeyOptions): Promise<ShownApiKey> =>
      transport.read(post(['keys', id, 'rotate'], options), shownApiKey),
    revokeKey: async (id: string, options?: KeyOptions): Promise<void> => {
      await transport.send(remove(['keys', id], options));
    },
  };
}
