import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TrustedProxies } from './addresses.js';
import { serverSettings } from './settings.js';

/** What a server allows its clients. */
export interface ConnectionLimits {
  readonly total: number;
  /** Connections of one address, and its open requests. Requests from trusted proxies count for the address that they forward. */
  readonly perAddress: number;
  /** The head of a request must arrive within this time after the connection was made, or after the last answer. */
  readonly headMs: number;
  /** A request whose body sends nothing for this long is cut. */
  readonly silenceMs: number;
  readonly proxies: TrustedProxies;
}

type ServerEnv = z.output<z.ZodObject<typeof serverSettings>>;

/** More connections would need more memory than these processes have. */
const MOST_CONNECTIONS = 4_096;
/** Descriptors that are kept for Redis, storage and the upstream; at most half of all. */
const KEPT_DESCRIPTORS = 512;
/** A handler that reads a body answers by itself after 30 s of silence. This limit is for all others. */
const SILENCE_MS = 32_000;
/** One address may have half of all connections. */
const SHARE_OF_ADDRESS = 2;
/** Most systems allow a process at least this many. Used if the system does not say. */
const USUAL_DESCRIPTORS = 1_024;

/** The limits from a process's environment, lowered if the process has too few descriptors. */
export function connectionLimits(env: ServerEnv): ConnectionLimits {
  const descriptors = descriptorLimit();
  const room = descriptors - Math.min(KEPT_DESCRIPTORS, Math.ceil(descriptors / 2));
  const total = Math.min(env.MAX_CONNECTIONS ?? MOST_CONNECTIONS, room);
  return {
    total,
    perAddress: Math.min(env.MAX_CONNECTIONS_PER_ADDRESS, Math.ceil(total / SHARE_OF_ADDRESS)),
    headMs: env.REQUEST_HEAD_TIMEOUT_MS,
    silenceMs: SILENCE_MS,
    proxies: env.TRUSTED_PROXIES,
  };
}

export function usualLimits(): ConnectionLimits {
  return connectionLimits(z.object(serverSettings).parse({}));
}

/** How many files and connections this process may have open, according to Linux. */
function descriptorLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? Number.MAX_SAFE_INTEGER : Number(soft);
  } catch {
    return USUAL_DESCRIPTORS;
  }
}
