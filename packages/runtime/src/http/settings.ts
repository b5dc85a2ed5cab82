import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { envForm } from '../env.js';
import type { TrustedProxies } from './addresses.js';

const proxies = z.string().transform((text, ctx): TrustedProxies => {
  const list = new BlockList();
  if (text.split(',').every((entry) => addTo(list, entry.trim()))) return list;
  ctx.addIssue('must be IP addresses or networks such as 10.0.0.0/8, separated by commas');
  return z.NEVER;
});

function addTo(list: BlockList, entry: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  if (family === 0 || Number(prefix ?? bits) > bits) return false;
  list.addSubnet(address, Number(prefix ?? bits), family === 4 ? 'ipv4' : 'ipv6');
  return true;
}

/** The environment variables for the connections of a server, for every process that has one. */
export const serverSettings = {
  TRUSTED_PROXIES: proxies.default(() => new BlockList()),
  MAX_CONNECTIONS: envForm.count(16, 1_000_000).optional(),
  MAX_CONNECTIONS_PER_ADDRESS: envForm.count(2, 1_000_000).default(2_048),
  REQUEST_HEAD_TIMEOUT_MS: envForm.milliseconds(100, 600_000).default(15_000),
};
