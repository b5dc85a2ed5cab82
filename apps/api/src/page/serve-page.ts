import type { Context, MiddlewareHandler } from 'hono';
import { accepts } from 'hono/accepts';
import { isKnown, takesGzip } from '../request/request-headers.js';
import type { AppEnv } from '../services.js';
import type { PageFile, PageFiles } from './page-files.js';

/** Paths of the dashboard. They are routes of the page itself, in apps/dashboard/src/shell/app.tsx. */
const PAGE_PATHS = /^\/(|new|service|watches|jobs(\/[^/]+)?|tags(\/[^/]+)?)$/;

/** The page loads only from this service, and runs no inline script. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const NEVER_CHANGES = 'public, max-age=31536000, immutable';

/** Serves the dashboard to browsers, which ask for `text/html`. A program gets no page at the same paths. */
export function servePage(page: PageFiles | null): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (page === null || (c.req.method !== 'GET' && c.req.method !== 'HEAD')) return next();
    const asset = page.assets.get(c.req.path);
    if (asset !== undefined) return sendFile(c, asset, { 'cache-control': NEVER_CHANGES });
    if (!PAGE_PATHS.test(c.req.path) || !wantsPage(c)) return next();
    return sendFile(c, page.index, {
      'cache-control': 'no-cache',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
    });
  };
}

function wantsPage(c: Context<AppEnv>): boolean {
  const supports = ['application/json', 'text/html'];
  return accepts(c, { header: 'Accept', supports, default: 'application/json' }) === 'text/html';
}

function sendFile(c: Context<AppEnv>, file: PageFile, headers: Readonly<Record<string, string>>): Response {
  const all = { ...headers, etag: file.etag, vary: 'Accept, Accept-Encoding' };
  if (isKnown(c.req.header('if-none-match'), file.etag)) return c.body(null, 304, all);
  return takesGzip(c.req.header('accept-encoding'))
    ? c.body(file.gzipped, 200, { ...all, 'content-type': file.type, 'content-encoding': 'gzip' })
    : c.body(file.bytes, 200, { ...all, 'content-type': file.type });
}
