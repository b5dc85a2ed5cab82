import { isIP } from 'node:net';
import { parseStorageUrl } from '@linkhaul/storage';
import { z } from 'zod';
import { timingOf } from './timing.js';

const storageUrl = z.string().transform((text, ctx) => {
  const settings = parseStorageUrl(text);
  if (settings !== null) return settings;
  ctx.addIssue('must be redis: or file:///a/directory');
  return z.NEVER;
});

/** `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1` or `[2001:db8::1]:53`. */
function isServer(text: string): boolean {
  const [, bracketed, bare, port = '53'] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  return isIP(text) === 6 || (isIP(bracketed ?? bare ?? '') === (bracketed === undefined ? 4 : 6) && isPort(port));
}

function isPort(text: string): boolean {
  return Number(text) > 0 && Number(text) < 65_536;
}

const dnsServers = z.string().transform((text, ctx) => {
  const servers = text.split(',').map((server) => server.trim());
  if (servers.every(isServer)) return servers;
  ctx.addIssue('must be IP addresses, each with a port or without, separated by commas');
  return z.NEVER;
});

/** The part of their environments in which API and workers must agree. */
export const sharedSettings = {
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).default('redis://127.0.0.1:6379'),
  REDIS_PREFIX: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('linkhaul'),
  STORAGE_URL: z.string().default('redis:').pipe(storageUrl),
  WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]+=*$/, 'must be whsec_ and base64')
    .optional(),
  /** For tests alone: the same for all processes of an installation. */
  TIME_SCALE: z.coerce.number().min(0.01).max(1).default(1).transform(timingOf),
  WEBHOOK_DNS_SERVERS: dnsServers.optional().transform((servers) => servers ?? []),
};
