import { isPage } from './hosts.ts';

/**
 * The form in which an answer's target is compared when it is not the target to the letter. The upstream may write
 * `https://example.com/` for `example.com`, so scheme, `www.`, a last slash and the host's case do not count.
 * Two targets with one key never share a call; within a call the key is therefore unambiguous.
 */
export function matchKey(target: string): string {
  const bare = isPage(target) ? pageKey(target) : target.toLowerCase();
  return bare.startsWith('www.') ? bare.slice('www.'.length) : bare;
}

function pageKey(target: string): string {
  const rest = target.slice(target.indexOf('://') + '://'.length);
  const hostEnd = rest.search(/[/?#]/);
  const host = (hostEnd === -1 ? rest : rest.slice(0, hostEnd)).toLowerCase();
  const path = hostEnd === -1 ? '' : rest.slice(hostEnd);
  return host + (path.endsWith('/') ? path.slice(0, -1) : path);
}
