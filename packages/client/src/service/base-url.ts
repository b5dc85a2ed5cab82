import { parseUrl } from '@linkhaul/schemas';

const EXAMPLE = 'such as http://127.0.0.1:8080';

/** The service's address without a slash at its end, or a sentence that says what is wrong with it. */
export function baseOf(given: string | URL): string {
  const text = given instanceof URL ? given.href : given;
  const fault = faultOf(text);
  const url = fault === null ? parseUrl(text) : null;
  if (url === null) throw new TypeError(`baseUrl ${fault ?? `is no URL: ${shown(text)}`}`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** What is wrong with an address, as far as it can be told by looking at it. */
function faultOf(text: unknown): string | null {
  if (typeof text !== 'string' || text.trim() === '') return `must be the address of the service, ${EXAMPLE}`;
  if (!/^https?:\/\//i.test(text.trim())) return `must begin with http:// or https://, ${EXAMPLE}: ${shown(text)}`;
  const url = parseUrl(text);
  // It may hold a secret, which must not get into a log.
  if (url !== null && url.username + url.password !== '') return 'has a user name or a password: send a key as apiKey';
  if (url !== null && url.search + url.hash !== '')
    return `must end with its path: ${shown(text)} has a query or a fragment`;
  if (url !== null && /\/v1\/*$/.test(url.pathname))
    return `must stop before /v1, which the client adds: ${shown(text)}`;
  return null;
}

function shown(text: string): string {
  return JSON.stringify(text);
}
