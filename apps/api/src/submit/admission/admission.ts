import { createTurns } from './turns.js';
import { createUploadSlots } from './upload-slots.js';

/** A shorter body takes no slot: it is read before another list would have to wait for it. */
const COUNTED_BYTES = 1024 * 1024;

/** Admits lists: a limited number per tenant, and one piece at a time of all lists together. */
export interface Admission {
  /** Makes the pass of one list. */
  of(tenant: string, clientGone: AbortSignal): Pass;
}

export interface Pass {
  /** Announces the body's `Content-Length`. */
  expect(bytes: number): Promise<void>;
  /** Resolves when the next piece, of this many bytes, may be read. The number is 0 for a piece that is in memory already. */
  read(bytes: number): Promise<void>;
  /** To be called when the list has been read or refused. */
  leave(): void;
}

export function createAdmission({ perTenant }: { perTenant: number }): Admission {
  const slots = createUploadSlots(perTenant);
  const turns = createTurns();
  return {
    of(tenant, clientGone) {
      let total = 0;
      let leave: (() => void) | null = null;
      const enter = async (bytes: number) => {
        if (bytes >= COUNTED_BYTES && leave === null) leave = await slots.take(tenant, clientGone);
      };
      return {
        expect: enter,
        async read(bytes) {
          total += bytes;
          await enter(total);
          await turns.take(tenant);
        },
        leave() {
          leave?.();
          leave = null;
        },
      };
    },
  };
}
