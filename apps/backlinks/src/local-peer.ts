import { parseUrl } from '@linkhaul/schemas';
import type { AppContext } from './context.js';

const LOOPBACK_NAME = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether the other end of the connection is on this machine. */
export function isLocalPeer(c: AppContext): boolean {
  const address = c.env.incoming?.socket.remoteAddress ?? '';
  return address === '::1' || address.replace(/^::ffff:/, '').startsWith('127.');
}

/**
 * Whether a local request is meant for this process. A web page in a browser on this machine is a local peer too, but its origin
 * gives it away, or the host name that it made point here.
 */
export function isForUs(c: AppContext): boolean {
  const origin = c.req.header('origin');
  return isLoopbackUrl(`http://${c.req.header('host') ?? ''}`) && (origin === undefined || isLoopbackUrl(origin));
}

function isLoopbackUrl(url: string): boolean {
  return LOOPBACK_NAME.test(parseUrl(url)?.hostname ?? '');
}
