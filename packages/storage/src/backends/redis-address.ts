/** Where Redis is. */
export type RedisAddress = ServerAddress | GroupAddress;

/** One server, by its URL. */
export interface ServerAddress {
  readonly kind: 'server';
  readonly url: string;
}

/** Several servers, one of which is the primary now. The nodes tell which. */
export interface GroupAddress {
  readonly kind: 'sentinel' | 'cluster';
  /** Sentinels, or nodes of the cluster. */
  readonly nodes: readonly RedisNode[];
  /** The primary's name among the sentinels. Empty for a cluster. */
  readonly name: string;
  readonly login: Login;
  /** The login at the nodes that are asked: sentinels have users of their own. */
  readonly nodesLogin: Login;
  /** Whether connections to servers and nodes use TLS. */
  readonly isTls: boolean;
  /** Null: the usual time. */
  readonly commandTimeoutMs: number | null;
}

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface Login {
  readonly username?: string;
  readonly password?: string;
}

/** Redis as an environment names it. In a cluster the prefix is a hash tag: all keys lie in one slot. */
export interface RedisSettings {
  readonly address: RedisAddress;
  readonly prefix: string;
}

const GROUP = /^redis(s?)\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^@/?]+)(?:\/([\w.-]*))?(?:\?(.*))?$/;
const NODE = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;
const PORTS = { sentinel: 26_379, cluster: 6379 };
const QUERY = ['commandTimeout', 'sentinelUsername', 'sentinelPassword'];

/** Parses REDIS_URL. Null if the text is not one. */
export function parseRedisUrl(text: string): RedisAddress | null {
  const [, secure, kind, user = '', nodes = '', name = '', query = ''] = GROUP.exec(text) ?? [];
  if (kind !== 'sentinel' && kind !== 'cluster') return parseServer(text);
  const found = nodes.split(',').map((node) => parseNode(node, PORTS[kind]));
  const settings = new URLSearchParams(query);
  const known = kind === 'sentinel' ? QUERY : QUERY.slice(0, 1);
  const login = parseUser(user);
  if (found.includes(null) || login === null || (kind === 'sentinel') === (name === '')) return null;
  if ([...settings.keys()].some((key) => !known.includes(key))) return null;
  return {
    kind,
    nodes: found.filter((node) => node !== null),
    name,
    login,
    nodesLogin:
      kind === 'cluster' ? login : loginOf(settings.get('sentinelUsername'), settings.get('sentinelPassword')),
    isTls: secure === 's',
    commandTimeoutMs: timeoutOf(settings),
  };
}

function parseServer(text: string): ServerAddress | null {
  return URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol) ? { kind: 'server', url: text } : null;
}

function parseNode(text: string, usualPort: number): RedisNode | null {
  const [, bracketed, plain, port = String(usualPort)] = NODE.exec(text.trim()) ?? [];
  const host = bracketed ?? plain;
  const isPort = Number(port) > 0 && Number(port) < 65_536;
  return host !== undefined && isPort ? { host, port: Number(port) } : null;
}

/** `user:password`, `:password` or nothing. Null if an escape is broken. */
function parseUser(text: string): Login | null {
  const [user = '', ...rest] = text.split(':');
  try {
    return loginOf(decodeURIComponent(user), decodeURIComponent(rest.join(':')));
  } catch {
    return null;
  }
}

function loginOf(username: string | null, password: string | null): Login {
  return { ...(username && { username }), ...(password && { password }) };
}

/** How long a command may take, according to the URL. Null if it does not say. */
export function commandTimeoutOf(address: RedisAddress): number | null {
  return address.kind === 'server' ? timeoutOf(new URL(address.url).searchParams) : address.commandTimeoutMs;
}

/** 0 means no limit. */
function timeoutOf(query: URLSearchParams): number | null {
  const text = query.get('commandTimeout') ?? '';
  if (!/^\d+$/.test(text)) return null;
  return Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text);
}

/** `host:port`, with an IPv6 address in brackets. */
export function nodeName({ host, port }: RedisNode): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
