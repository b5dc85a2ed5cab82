import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { z } from 'zod';
import { isKnown } from '../../request/request-headers.js';
import type { AppEnv } from '../../services.js';
import { ifNoneMatch } from '../parameters.js';

/** The request headers of an answer that never changes. */
export const conditional = z.object({ 'If-None-Match': ifNoneMatch });

export const unchanged = { description: 'Nothing has changed since.', contents: {} };

interface Content {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Always answers with the same bytes, which are made for the first request; with 304 if the client has them. */
export function fixedAnswer(make: () => Content) {
  let made: (Content & { readonly etag: string }) | null = null;
  return (c: Context<AppEnv>) => {
    made ??= withTag(make());
    const { text, headers, etag } = made;
    return isKnown(c.req.header('if-none-match'), etag) ? c.body(null, 304, headers) : c.body(text, 200, headers);
  };
}

function withTag({ text, headers }: Content): Content & { readonly etag: string } {
  const etag = `"${createHash('sha256').update(text).digest('base64url')}"`;
  return { text, etag, headers: { ...headers, etag, 'cache-control': 'no-cache' } };
}
