import { isLoopback } from './addresses.js';

/** What a request says of who sends it, by the name of a header. */
type Header = (name: string) => string | undefined;

/** A page of this server's own, or what a person typed; a program has no such header. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Whether a request came from this machine, and from no web page of somebody else's. A page that the user has open can reach a
 * server here, by a name that was made to point here too: the Host tells that, and Origin and Sec-Fetch-Site tell the page. A
 * page of another port of this machine is somebody else's.
 */
export function isLocalCaller(header: Header): boolean {
  const own = urlOf(`http://${header('host')}`);
  if (own === null || !isLoopback(own.hostname)) return false;
  const origin = header('origin');
  const site = header('sec-fetch-site');
  return (origin === undefined || urlOf(origin)?.host === own.host) && (site === undefined || OWN_SITES.includes(site));
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
