import { createHash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { createPage } from '../docs/page.js';
import type { OpenApiDocument } from '../routing/schemas.js';
import type { AppEnv } from '../services.js';
import { isKnown } from './conditions.js';

/** For people. */
export const DOCS = '/docs';
/** For programs. */
export const OPENAPI = '/openapi.json';

/** `GET /openapi.json` and `GET /docs`: the service describes itself. Made at the start, so that no request waits for it. */
export function description(document: OpenApiDocument): Hono<AppEnv> {
  const page = createPage(document);
  const json = fixed(JSON.stringify(document), { 'content-type': 'application/json' });
  const html = fixed(page.text, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': page.policy,
    'referrer-policy': 'no-referrer',
  });
  return new Hono<AppEnv>().get(OPENAPI, json).get(DOCS, html);
}

/** Answers with the same bytes always, or says that they are known. */
function fixed(text: string, headers: Readonly<Record<string, string>>) {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  const all = { ...headers, etag, 'cache-control': 'no-cache' };
  return (c: Context<AppEnv>) =>
    isKnown(c.req.header('if-none-match'), etag) ? c.body(null, 304, all) : c.body(text, 200, all);
}
