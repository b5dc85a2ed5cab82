import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** The proxies in front of a server, whose `X-Forwarded-For` is believed. */
export type TrustedProxies = Pick<BlockList, 'check'>;

interface Incoming {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: IncomingHttpHeaders;
}

const IPV6_GROUPS = 8;
/** What one subscriber gets is counted as one: who has a /64 has 2^64 addresses. */
const COUNTED_GROUPS = 4;

/**
 * Whose request it is: the address that the connection comes from or, behind trusted proxies, the last forwarded address that
 * is none of theirs. An IPv6 address is given as its /64. Null for a trusted proxy that speaks for itself.
 */
export function clientOf({ socket, headers }: Incoming, proxies: TrustedProxies): string | null {
  const peer = socket.remoteAddress ?? '';
  if (!isTrusted(peer, proxies)) return countedAs(peer);
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').reverse();
  for (const entry of forwarded) {
    const address = bareAddress(entry);
    // What no proxy of ours would write ends what is believed.
    if (address === null) return null;
    if (!isTrusted(address, proxies)) return countedAs(address);
  }
  return null;
}

export function isTrusted(address: string, proxies: TrustedProxies): boolean {
  return isIP(address) !== 0 && proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** An address as it is counted: IPv4 as it is, also where it is mapped into IPv6; IPv6 as its /64. */
export function countedAs(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined || !isIPv6(bare)) return mapped ?? bare;
  return `${groupsOf(bare).slice(0, COUNTED_GROUPS).join(':')}::/64`;
}

function groupsOf(address: string): string[] {
  // The URL standard has one spelling of each address.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const known = [...(first ?? []), ...(last ?? [])].length;
  return [...(first ?? []), ...Array<string>(IPV6_GROUPS - known).fill('0'), ...(last ?? [])];
}

/** The address in an entry of `X-Forwarded-For`, which may have a port. */
function bareAddress(entry: string): string | null {
  const text = entry.trim();
  const [, inBrackets, withPort] = /^(?:\[([^\]]+)\](?::\d+)?|([\d.]+):\d+)$/.exec(text) ?? [];
  const address = inBrackets ?? withPort ?? text;
  return isIP(address) === 0 ? null : address;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a host is this machine for itself only. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  const family = isIP(bare);
  if (family === 0) return bare === 'localhost';
  return loopback.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}
