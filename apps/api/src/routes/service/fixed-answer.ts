import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { isKnown } from '../../request/request-headers.js';
import type { AppEnv } from '../../services.js';
import { ifNoneMatch } from '../parameters.js';

/** The request headers of an answer that never changes. */
export const conditional = z.object({ 'If-None-Match': ifNoneMatch });

export const unchanged = { description: 'Nothing has changed since.', contents: {} };

/** Always answers with the same bytes, or with 304 if the client has them. */
export function fixedAnswer(text: string, headers: Readonly<Record<string, string>>) {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  const all = { ...headers, etag, 'cache-control': 'no-cache' };
  return (c: Context<AppEnv>) =>
    isKnown(c.req.header('if-none-match'), etag) ? c.body(null, 304, all) : c.body(text, 200, all);
}
