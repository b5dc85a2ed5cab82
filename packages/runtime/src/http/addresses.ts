import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** The addresses of proxies whose `X-Forwarded-For` is believed. */
export type TrustedProxies = Pick<BlockList, 'check'>;

interface Incoming {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: IncomingHttpHeaders;
}

const IPV6_GROUPS = 8;
/** A subscriber gets a /64, which has 2^64 addresses. They count as one. */
const COUNTED_GROUPS = 4;

/**
 * The address under which a request's client is counted: the peer's or, behind trusted proxies, the last forwarded address that
 * is not a trusted proxy's. Null for a request of a trusted proxy itself.
 */
export function clientOf({ socket, headers }: Incoming, proxies: TrustedProxies): string | null {
  const peer = socket.remoteAddress ?? '';
  if (!isTrusted(peer, proxies)) return countedAs(peer);
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').reverse();
  for (const entry of forwarded) {
    const address = bareAddress(entry);
    // No trusted proxy writes this, so nothing before it can be believed.
    if (address === null) return null;
    if (!isTrusted(address, proxies)) return countedAs(address);
  }
  return null;
}

export function isTrusted(address: string, proxies: TrustedProxies): boolean {
  return isIP(address) !== 0 && proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** An address as it is counted: `::ffff:192.0.2.1` as `192.0.2.1`, `2001:db8:0:1::5` as `2001:db8:0:1::/64`. */
export function countedAs(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined || !isIPv6(bare)) return mapped ?? bare;
  return `${groupsOf(bare).slice(0, COUNTED_GROUPS).join(':')}::/64`;
}

function groupsOf(address: string): string[] {
  // URL gives every address the same spelling.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const known = [...(first ?? []), ...(last ?? [])].length;
  return [...(first ?? []), ...Array<string>(IPV6_GROUPS - known).fill('0'), ...(last ?? [])];
}

/** The address in an entry of `X-Forwarded-For`: `192.0.2.1`, `192.0.2.1:80` or `[2001:db8::5]:80`. Null for anything else. */
function bareAddress(entry: string): string | null {
  const text = entry.trim();
  const [, inBrackets, withPort] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? [];
  const address = inBrackets ?? withPort ?? text;
  return isIP(address) === 0 ? null : address;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host can be reached from this machine only: `localhost`, `127.0.0.1`, `[::1]`. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  if (family === 0) return bare === 'localhost';
  return loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}
