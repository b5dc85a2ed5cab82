import { BlockList, isIP } from 'node:net';

/** IANA's registry of special-purpose IPv4 addresses, multicast, and the internal services of Azure. */
const SPECIAL_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** The part of IPv6 that is assigned to networks. Everything outside it is refused. */
const ASSIGNED_IPV6 = ['2000::', 3] as const;

/** Special addresses inside that part: protocol assignments with Teredo and ORCHID, documentation, 6to4, AS112. */
const SPECIAL_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const;

/** IPv4 mapped into IPv6, by NAT64 and by the older SIIT. The last 32 bits are the address that is reached. */
const IPV4_INSIDE = ['::ffff:', '64:ff9b::', '::ffff:0:'];
const IPV4_INSIDE_BITS = 96;

const reachable = new BlockList();
const special = new BlockList();
reachable.addSubnet('0.0.0.0', 0, 'ipv4');
reachable.addSubnet(...ASSIGNED_IPV6, 'ipv6');
for (const [network, bits] of SPECIAL_IPV6) special.addSubnet(network, bits, 'ipv6');
for (const [network, bits] of SPECIAL_IPV4) special.addSubnet(network, bits, 'ipv4');
for (const prefix of IPV4_INSIDE) {
  reachable.addSubnet(`${prefix}0.0.0.0`, IPV4_INSIDE_BITS, 'ipv6');
  for (const [network, bits] of SPECIAL_IPV4) {
    special.addSubnet(`${prefix}${network}`, IPV4_INSIDE_BITS + bits, 'ipv6');
  }
}

/**
 * True for an address to which a webhook of any tenant may be sent. IPv4 inside IPv6 is checked as IPv4. An address
 * with a zone (`fe80::1%eth0`) is in a network of this machine, so it is not public.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  return reachable.check(address, type) && !special.check(address, type);
}
