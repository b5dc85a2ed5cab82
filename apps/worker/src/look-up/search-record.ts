import { randomUUID } from 'node:crypto';
import { type IdListReply, withDeadline } from '@linkhaul/client';
import { type IdListRequest, type RecordEntry, upstreamTimestamp } from '@linkhaul/schemas';
import type { Services } from '../services.js';
import type { RecordWindow } from './record-window.js';

/** Entries echo every target of their call, so that pages must be small. */
const PAGE = 100;
/** Two readings of the upstream's clock that differ by less are within a window's margin. */
const CLOCKS_AGREE_MS = 10_000;
/** A look-up's turn comes within a minute; then the account may be paused, or its slots taken. */
const PERMIT_WITHIN_MS = 120_000;
const ANSWER_WITHIN_MS = 60_000;

/** `whole`: it was read to the end, or to where nothing more was sought. */
type SearchEnd = 'whole' | 'no_record' | 'failed';

type Searching = Pick<Services, 'account' | 'permits' | 'upstream' | 'calls' | 'troubles' | 'stopping' | 'logger'>;

interface Search {
  readonly services: Searching;
  /** Aborts what is not begun yet. */
  readonly signal: AbortSignal;
  /** Takes each page as soon as it is read, its times on Redis' clock; true when nothing more is sought. */
  take(entries: readonly RecordEntry[]): Promise<boolean>;
}

/**
 * Reads the upstream's record of a window, by the upstream's clock. Its first page tells that clock too: where it is not as
 * it was thought to be, the window is moved and read from the start.
 */
export async function searchRecord(window: RecordWindow<unknown>, search: Search): Promise<SearchEnd> {
  const { upstream } = search.services;
  const ahead = upstream.clockAhead();
  const first = await readPages(window, await onRedisClock(ahead ?? 0, search.services), search);
  if (typeof first === 'string') return first;
  const second = await readPages(window, first.ahead, search);
  return typeof second === 'string' ? second : tellFailure("the upstream's clock jumps", search);
}

/** Another reading of the upstream's clock where the one given was wrong. */
async function readPages(
  { from, to }: RecordWindow<unknown>,
  ahead: number,
  search: Search,
): Promise<SearchEnd | { readonly ahead: number }> {
  const query = {
    datetime_from: upstreamTimestamp(new Date(from + ahead)),
    datetime_to: upstreamTimestamp(new Date(to + ahead)),
    limit: PAGE,
    sort: 'asc',
    include_metadata: true,
  } as const;
  // What enters the record meanwhile moves others to later pages: none is passed over.
  let before = '';
  for (let offset = 0; ; offset += PAGE) {
    const page = await readPage({ ...query, offset }, search);
    if (page.kind !== 'entries') return page.kind;
    if (offset === 0 && page.clockAhead !== null) {
      const read = await onRedisClock(page.clockAhead, search.services);
      if (Math.abs(read - ahead) > CLOCKS_AGREE_MS) return { ahead: read };
    }
    const text = JSON.stringify(page.entries);
    if (page.length > 0 && text === before) return tellFailure('the same page of the record came twice', search);
    before = text;
    if ((await search.take(onClock(page.entries, ahead))) || page.length < PAGE) return 'whole';
  }
}

async function tellFailure(why: string, { services }: Search): Promise<'failed'> {
  await services.troubles.lookUpFailed(services.account, why);
  return 'failed';
}

function onClock(entries: readonly RecordEntry[], ahead: number): RecordEntry[] {
  return entries.map((entry) => ({ ...entry, postedAt: entry.postedAt === null ? null : entry.postedAt - ahead }));
}

/** The calls' times are Redis', while the upstream's clock is read by this machine's. */
async function onRedisClock(ahead: number, { calls }: Searching): Promise<number> {
  return ahead + Date.now() - (await calls.now());
}

/** Whether look-ups fail is told to everybody: jobs may stand still for it. */
async function readPage(query: IdListRequest, search: Search): Promise<IdListReply> {
  const { account, troubles } = search.services;
  const reply = await askForPage(query, search);
  if (reply.kind !== 'failed') await troubles.lookUpRead(account);
  else if (!search.signal.aborted) await troubles.lookUpFailed(account, reply.reason);
  return reply;
}

async function askForPage(query: IdListRequest, { services, signal }: Search): Promise<IdListReply> {
  const { permits, upstream, stopping, logger } = services;
  const lease = await withDeadline(PERMIT_WITHIN_MS, signal, (inTime) => permitOf(services, inTime));
  if (lease === null) return { kind: 'failed', reason: 'no permit in time', ended: true };
  const reply = await withDeadline(ANSWER_WITHIN_MS, stopping, (inTime) => upstream.idList(query, inTime));
  // Where no answer came, the upstream may still be at it: then the lease stands until it ends.
  if (reply.kind !== 'failed' || reply.ended) await permits.release(lease);
  logger.info(
    {
      offset: query.offset,
      kind: reply.kind,
      found: reply.kind === 'entries' ? reply.length : 0,
      nameless: reply.kind === 'entries' ? reply.entries.filter(({ tag }) => tag === null).length : 0,
      reason: reply.kind === 'failed' ? reply.reason : null,
    },
    'look-up',
  );
  return reply;
}

/** Null where none came before the signal. */
async function permitOf({ permits }: Searching, signal: AbortSignal): Promise<string | null> {
  try {
    return await permits.lookUp(randomUUID(), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return null;
  }
}
