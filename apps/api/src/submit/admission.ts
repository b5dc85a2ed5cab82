import { createPlaces } from './places.js';
import { createTurns } from './turns.js';

/** Shorter bodies take no place: they are over before anybody could wait for them. */
const COUNTED_BYTES = 1024 * 1024;

/** Lets lists in: so many of a tenant at once, and one piece after another of all of them. */
export interface Admission {
  /** For one list. */
  of(tenant: string, clientGone: AbortSignal): Pass;
}

export interface Pass {
  /** The body will have so many bytes, by what its client says. */
  expect(bytes: number): Promise<void>;
  /** Resolves when so many bytes more may be read; for none, when a piece that is there already may. */
  read(bytes: number): Promise<void>;
  /** The list is taken in, or refused. */
  leave(): void;
}

export function createAdmission({ perTenant }: { perTenant: number }): Admission {
  const places = createPlaces(perTenant);
  const turns = createTurns();
  return {
    of(tenant, clientGone) {
      let seen = 0;
      let leave: (() => void) | null = null;
      const enter = async (bytes: number) => {
        if (bytes >= COUNTED_BYTES && leave === null) leave = await places.take(tenant, clientGone);
      };
      return {
        expect: enter,
        async read(bytes) {
          seen += bytes;
          await enter(seen);
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
