import { parseUrl } from '@linkhaul/schemas';

/** The service's address, or what is wrong with the given text. The problem never shows a password. */
export type ServiceUrl = { readonly url: string } | { readonly problem: string };

const LIKE = 'such as http://127.0.0.1:8080';
const SCHEME = /^https?:\/\//i;
/** A host, with or without a port and a path. */
const BARE = /^(\[[\da-f:.]+\]|[^\s/:?#@\\]+)(:\d*)?(\/|$)/i;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** Paths that people copy from a browser together with the address. */
const OWN_PATH = /\/(v1(\/.*)?|docs|openapi\.json|healthz|readyz|metrics)$/;

/** The address with which requests begin, `https://host/path`. Throws a `TypeError` for anything else. */
export function baseOf(given: unknown): string {
  const read = readServiceUrl(given instanceof URL ? given.href : given);
  if ('problem' in read) throw new TypeError(`baseUrl ${read.problem}`);
  return read.url;
}

/** Reads an address as people write it. Without a scheme it must be this machine's: `localhost:8080` is `http://localhost:8080`. */
export function readServiceUrl(given: unknown): ServiceUrl {
  const text = typeof given === 'string' ? given.trim() : '';
  if (text === '') return { problem: `must be the address of the service, ${LIKE}` };
  if (SCHEME.test(text)) return judge(text);
  const host = text.includes('://') ? undefined : BARE.exec(text)?.[1];
  if (host === undefined) return { problem: `must be an address of http or https, ${LIKE}` };
  // http to another host would send the key unencrypted.
  if (!LOOPBACK.test(host)) return { problem: `needs its scheme: https://${host}, or http:// where there is no TLS` };
  return judge(`http://${text}`);
}

function judge(text: string): ServiceUrl {
  const url = parseUrl(text);
  if (url === null) return { problem: `must be a URL, ${LIKE}` };
  const { username, password, origin, pathname } = url;
  if (username + password !== '') return { problem: 'must not hold a user name: a key is sent by itself' };
  if (/[?#]/.test(text)) return { problem: 'must not hold a query or a fragment' };
  const path = pathname.replace(/\/+$/, '');
  const extra = OWN_PATH.exec(path)?.[0];
  if (extra !== undefined) return { problem: `must be the address without ${extra}` };
  return { url: `${origin}${path}` };
}
