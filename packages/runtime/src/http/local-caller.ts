import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from './addresses.js';

interface Incoming {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
}

/** Headers that proxies add. */
const OF_PROXIES = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'];
/** nginx forwards requests by HTTP/1.0 and without such headers, unless configured otherwise. Other programs no longer use it. */
const OLD_HTTP = '1.0';

/** `Sec-Fetch-Site` of this server's own pages and of a typed address. Programs do not send the header. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Whether a request came from a program or a page of this machine. Any web page that the user has open can send requests to
 * this machine, also by a name of its own that points here: Host, Origin and Sec-Fetch-Site show that. A page of another port
 * is refused too, and so is a proxy on this machine, which may forward anybody's requests with its own Host.
 */
export function isLocalCaller({ socket, httpVersion, headers }: Incoming): boolean {
  if (!isLoopback(socket.remoteAddress ?? '') || httpVersion === OLD_HTTP) return false;
  if (OF_PROXIES.some((name) => headers[name] !== undefined)) return false;
  const own = urlOf(`http://${headers.host}`);
  if (own === null || !isLoopback(own.hostname)) return false;
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  return (
    (origin === undefined || urlOf(origin)?.host === own.host) &&
    (site === undefined || OWN_SITES.includes(String(site)))
  );
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
