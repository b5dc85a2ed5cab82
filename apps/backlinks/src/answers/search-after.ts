import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Bindings } from '../filters/bindings.js';
import { operandOf } from '../filters/operands.js';
import type { SortRule } from '../filters/order.js';
import type { Account, ListCall } from './target.js';

/** The end of a page: the sorting values of its last item. Null at the end of the list. */
export type Position = readonly unknown[] | null;

/** The content of a `search_after_token`. Like the upstream's, it is bound to its request and account. */
const token = z.strictObject({
  request: z.looseObject({ offset: z.int() }),
  account: z.string(),
  /** The number of items on the pages so far. */
  offset: z.int().min(0),
  after: z.array(z.unknown()).nullable(),
  made_at: z.number(),
});

/** A token with which a request may continue. */
export type Token = z.infer<typeof token>;

const asJson = z.string().transform((text, ctx): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    ctx.addIssue('is no token');
    return z.NEVER;
  }
});

/** Null if the token is broken, too old, of another account, or of another request. */
export function readToken(text: string, call: ListCall, account: Account): Token | null {
  const parsed = asJson.pipe(token).safeParse(text);
  if (!parsed.success) return null;
  const { request, account: login, made_at } = parsed.data;
  const isStale = account.tokensLastMs !== null && account.now - made_at >= account.tokensLastMs;
  if (isStale || login !== account.login) return null;
  // The upstream's documentation does not say whether the first request's offset may be left out. Here it may.
  const offset = call.options.offset === 0 ? request.offset : call.options.offset;
  return isDeepStrictEqual(JSON.parse(JSON.stringify(requestOf(call, offset))), request) ? parsed.data : null;
}

/** The token that continues after a page. */
export function tokenAfter(
  call: ListCall,
  account: Account,
  page: { read: Token | null; after: Position; count: number },
) {
  const { read, after, count } = page;
  const { offset } = call.options;
  const next: Token = {
    request: read?.request ?? requestOf(call, offset),
    account: account.login,
    offset: (read?.offset ?? offset) + count,
    after: after === null ? null : [...after],
    made_at: account.now,
  };
  return Buffer.from(JSON.stringify(next)).toString('base64');
}

/** A request with all its defaults. The tag is left out, because it may change. */
function requestOf({ target, options }: ListCall, offset: number) {
  const { token: _, ...rest } = options;
  return { target: target.given, ...rest, offset };
}

/** SQL for the rows after a position, by the columns `sort_0`, `sort_1` and so on. Null if the position does not fit the rules. */
export function afterSql(rules: readonly SortRule[], after: Position, bindings: Bindings): string | null {
  if (after === null) return 'false';
  const values = rules.map(({ field }, place) => (after[place] === null ? null : operandOf(field.type, after[place])));
  const isWhole =
    after.length === rules.length && values.every((value, place) => (value === null) === (after[place] === null));
  if (!isWhole) return null;
  return rules.reduceRight((later, { field, falling }, place) => {
    const column = `sort_${place}`;
    const value = values[place] ?? null;
    // Missing values are sorted last.
    if (value === null) return `(${column} IS NULL AND ${later})`;
    const bound = `${bindings.bind(value)}${field.type === 'time' ? '::TIMESTAMP' : ''}`;
    return `(${column} ${falling ? '<' : '>'} ${bound} OR ${column} IS NULL OR (${column} = ${bound} AND ${later}))`;
  }, 'false');
}
