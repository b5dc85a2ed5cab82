import type { IncomingHttpHeaders } from 'node:http';
import { isLoopback } from './addresses.js';

interface Incoming {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly httpVersion: string;
  readonly headers: IncomingHttpHeaders;
}

/** What a proxy adds to what it passes on. */
const OF_PROXIES = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'];
/** As nginx passes requests on unless it is told otherwise, naming nobody; programs have long ceased to speak it. */
const OLD_HTTP = '1.0';

/** A page of this server's own, or what a person typed; a program has no such header. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Whether a request came from this machine, and from no web page of somebody else's. A page that the user has open can reach a
 * server here, by a name that was made to point here too: the Host tells that, and Origin and Sec-Fetch-Site tell the page. A
 * page of another port of this machine is somebody else's. Nor is it told by a proxy here, which may have written the Host
 * itself, whoever it speaks for.
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
