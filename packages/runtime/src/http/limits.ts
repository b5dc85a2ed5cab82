import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TrustedProxies } from './addresses.js';
import { serverSettings } from './settings.js';

/** What a server allows its clients. */
export interface ConnectionLimits {
  readonly total: number;
  /** Connections of one address, and so also its open requests; those of trusted proxies are counted by whom they forward. */
  readonly perAddress: number;
  /** Within which the head of a request must have come: since the connection was made, or since the last answer's end. */
  readonly headMs: number;
  /** How long nothing may come of a body. */
  readonly silenceMs: number;
  readonly proxies: TrustedProxies;
}

type ServerEnv = z.output<z.ZodObject<typeof serverSettings>>;

/** More need more memory than a process of this kind should have. */
const MOST_CONNECTIONS = 4_096;
/** Of the process's descriptors, for Redis, storage and the upstream; at most half of them. */
const KEPT_DESCRIPTORS = 512;
/** A handler that reads a body may judge its silence itself, at 30 s, and answer; this ends what none judges. */
const SILENCE_MS = 32_000;
/** One address must not be all: others come too. */
const SHARE_OF_ADDRESS = 2;
/** Where the system does not tell: what most systems give a process at least. */
const USUAL_DESCRIPTORS = 1_024;

/** The limits that a process's environment sets, as far as its descriptors allow them. */
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

/** Linux says how many files and connections this process may have open. */
function descriptorLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? Number.MAX_SAFE_INTEGER : Number(soft);
  } catch {
    return USUAL_DESCRIPTORS;
  }
}
