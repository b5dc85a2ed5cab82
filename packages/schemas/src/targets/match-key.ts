import { isPage } from './hosts.js';
import { parseUrl } from './parse-url.js';

/**
 * The form in which an answer's target is compared if it is not exactly the target that was sent. The upstream may write
 * `https://example.com/` for `example.com`, so scheme, `www.`, the path's last slash and the host's case do not count.
 * Two targets with one key never share a call; within a call the key is therefore unambiguous.
 */
export function matchKey(target: string): string {
  const key = isPage(target.slice(0, 'https://'.length).toLowerCase()) ? pageKey(target) : hostKey(target);
  return key.replace(/^(?:www\.)+/, '');
}

function pageKey(target: string): string {
  const url = parseUrl(target);
  if (url === null) return target.toLowerCase();
  const path = url.pathname.endsWith('/') ? url.pathname.slice(0, -1) : url.pathname;
  return withoutLastDot(url.hostname) + (url.port === '' ? '' : `:${url.port}`) + path + url.search;
}

function hostKey(target: string): string {
  // Only letters outside ASCII need the parser; a plain name is the common case and stays cheap.
  const needsParser = /[^\x21-\x7e]/.test(target) && !/[/?#:@\\%[\]\s]/.test(target);
  const host = needsParser ? parseUrl(`http://${target}/`)?.hostname : undefined;
  return withoutLastDot(host ?? target.toLowerCase());
}

function withoutLastDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
