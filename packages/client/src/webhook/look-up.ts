import { Resolver } from 'node:dns/promises';
import { setMaxListeners } from 'node:events';
import { isIP } from 'node:net';
import { type HostsFile, readHostsFile } from './hosts-file.js';

/** Every address of a name, IPv4 first; none where it has none, or where nobody says in time. */
export type LookUp = (name: string) => Promise<readonly string[]>;

interface LookUpOptions {
  /** Addresses of DNS servers, each with a port or without; none: those of the machine. */
  readonly servers: readonly string[];
  readonly hostsFile?: string;
  /** Ends every look-up. */
  readonly stop: AbortSignal;
}

/** A server that is silent is asked again, or another one is, before the look-up's time is over. */
const TRY_MS = 1_500;
const TRIES = 2;
const LOOK_UP_MS = 5_000;
/** What IPv6 may take longer than IPv4, or the other way round: some servers never answer to one of them. */
const OTHER_FAMILY_MS = 250;

const HOSTS_FILE = '/etc/hosts';
const LOCALHOST = ['127.0.0.1', '::1'];

/**
 * Looks names up with c-ares, beside the pool of threads that the system's own look-up (`dns.lookup`) takes: two names
 * whose servers are silent would hold up there whatever else the process connects to. Names are taken as they are
 * written: the hosts file first, then DNS, without search domains.
 */
export function createLookUp({ servers, hostsFile = HOSTS_FILE, stop }: LookUpOptions): LookUp {
  const hosts = readHostsFile(hostsFile);
  // One signal may end a hundred look-ups: that is no leak, as Node would warn of.
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

/** One resolver a look-up: its time-out, its end and its socket are its own. */
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
