import { Resolver } from 'node:dns/promises';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import { type HostsFile, readHostsFile } from './hosts-file.js';

/** Looks up all addresses of a name, IPv4 first. Empty if it has none, or if no server answers within 5 s. Never rejects. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

interface ResolverOptions {
  /** DNS servers, such as `10.0.0.2` or `10.0.0.2:5353`. Empty: those of the machine. */
  readonly servers: readonly string[];
  readonly hostsFile?: string;
  /** Ends all look-ups when it aborts. */
  readonly stop: AbortSignal;
}

/** After this time without an answer, the same server or another one is asked. */
const TRY_MS = 1_500;
const TRIES = 2;
const LOOK_UP_MS = 5_000;
/** How much later the IPv6 answer may come than the IPv4 answer, or the other way round. Some servers never answer one of them. */
const OTHER_FAMILY_MS = 250;

const HOSTS_FILE = '/etc/hosts';
const LOCALHOST = ['127.0.0.1', '::1'];

/**
 * Looks names up in the hosts file, then by DNS with c-ares, without search domains. The system's `dns.lookup` would use
 * threads of the pool: two names whose servers are silent would block every other connection of the process.
 */
export function createNameResolver({ servers, hostsFile = HOSTS_FILE, stop }: ResolverOptions): ResolveName {
  const hosts = readHostsFile(hostsFile);
  // One signal may end a hundred look-ups. Without this, Node warns of a leak.
  setMaxListeners(0, stop);
  return async (name) => {
    const bare = name.toLowerCase().replace(/\.$/, '');
    const known = knownAddresses(bare, hosts);
    if (known.length > 0) return known.toSorted((one, other) => isIP(one) - isIP(other));
    return ask(bare, servers, stop);
  };
}

function knownAddresses(name: string, hosts: HostsFile): readonly string[] {
  const listed = hosts(name);
  if (listed.length > 0) return listed;
  return name === 'localhost' || name.endsWith('.localhost') ? LOCALHOST : [];
}

/** Each look-up has its own resolver, so that it can be cancelled alone. */
async function ask(name: string, servers: readonly string[], stop: AbortSignal): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  const end = () => resolver.cancel();
  const timer = setTimeout(end, LOOK_UP_MS);
  stop.addEventListener('abort', end);
  try {
    const families = [resolver.resolve4(name), resolver.resolve6(name)].map((found) => found.catch(() => []));
    if (stop.aborted) end();
    const first = await Promise.race(families);
    const other = first.length === 0 ? undefined : setTimeout(end, OTHER_FAMILY_MS);
    const all = await Promise.all(families);
    clearTimeout(other);
    return all.flat();
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', end);
  }
}
