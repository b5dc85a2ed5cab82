import { randomUUID } from 'node:crypto';
import { type IdListReply, withDeadline } from '@linkhaul/client';
import { type IdListRequest, type RecordEntry, upstreamTimestamp } from '@linkhaul/schemas';
import type { Services } from '../services.js';
import type { RecordWindow } from './record-window.js';

/** Entries per page. Small, because each entry repeats all targets of its call. */
const PAGE = 100;
/** If two readings of the upstream's clock differ by less, the window's margin covers the difference. */
const CLOCKS_AGREE_MS = 10_000;
/** A look-up's permit usually comes within a minute, but the account may be paused, or its slots taken. */
const PERMIT_WITHIN_MS = 120_000;
const ANSWER_WITHIN_MS = 60_000;

/** `whole`: the record was read to its end, or as far as needed. */
type SearchEnd = 'whole' | 'no_record' | 'failed';

type SearchServices = Pick<
  Services,
  'account' | 'permits' | 'upstream' | 'calls' | 'workerReports' | 'stopping' | 'logger'
>;

interface Search {
  /** Stops further requests. */
  readonly signal: AbortSignal;
  /** Gets each page as soon as it is read, with times on Redis' clock. Returns true if no more pages are needed. */
  take(entries: readonly RecordEntry[]): Promise<boolean>;
}

/**
 * Reads a window of the upstream's record, by the upstream's clock. The first page also shows that clock: if it differs
 * from what was assumed, the window is moved and read again from its start.
 */
export async function searchRecord(
  { from, to }: Omit<RecordWindow<unknown>, 'attempts'>,
  search: Search,
  services: SearchServices,
): Promise<SearchEnd> {
  const ahead = services.upstream.clockAhead();
  const first = await readPages({ from, to, ahead: await onRedisClock(ahead ?? 0, services) }, search, services);
  if (typeof first === 'string') return first;
  const second = await readPages({ from, to, ahead: first.ahead }, search, services);
  return typeof second === 'string' ? second : reportFailure("the upstream's clock jumps", services);
}

interface ClockedWindow {
  readonly from: number;
  readonly to: number;
  /** How far the upstream's clock is ahead of Redis', in ms. */
  readonly ahead: number;
}

/** Returns another reading of the upstream's clock if the given one was wrong. */
async function readPages(
  { from, to, ahead }: ClockedWindow,
  search: Search,
  services: SearchServices,
): Promise<SearchEnd | { readonly ahead: number }> {
  const query = {
    datetime_from: upstreamTimestamp(new Date(from + ahead)),
    datetime_to: upstreamTimestamp(new Date(to + ahead)),
    limit: PAGE,
    sort: 'asc',
    include_metadata: true,
  } as const;
  // Entries that are added while the pages are read move others to later pages, so none is missed.
  let before = '';
  for (let offset = 0; ; offset += PAGE) {
    const page = await readPage({ ...query, offset }, search.signal, services);
    if (page.kind !== 'entries') return page.kind;
    if (offset === 0 && page.clockAhead !== null) {
      const read = await onRedisClock(page.clockAhead, services);
      if (Math.abs(read - ahead) > CLOCKS_AGREE_MS) return { ahead: read };
    }
    const text = JSON.stringify(page.entries);
    if (page.length > 0 && text === before) return reportFailure('the same page of the record came twice', services);
    before = text;
    if ((await search.take(withRedisTimes(page.entries, ahead))) || page.length < PAGE) return 'whole';
  }
}

async function reportFailure(why: string, { workerReports, account }: SearchServices): Promise<'failed'> {
  await workerReports.lookUpFailed(account, why);
  return 'failed';
}

function withRedisTimes(entries: readonly RecordEntry[], ahead: number): RecordEntry[] {
  return entries.map((entry) => ({ ...entry, postedAt: entry.postedAt === null ? null : entry.postedAt - ahead }));
}

/** Turns "ahead of this machine's clock", as the client measures it, into "ahead of Redis' clock". */
async function onRedisClock(ahead: number, { calls }: SearchServices): Promise<number> {
  return ahead + Date.now() - (await calls.now());
}

/** Reads one page, and records whether look-ups work: jobs may stand still because they fail. */
async function readPage(query: IdListRequest, signal: AbortSignal, services: SearchServices): Promise<IdListReply> {
  const { account, workerReports } = services;
  const reply = await requestPage(query, signal, services);
  if (reply.kind !== 'failed') await workerReports.lookUpRead(account);
  else if (!signal.aborted) await workerReports.lookUpFailed(account, reply.reason);
  return reply;
}

async function requestPage(query: IdListRequest, signal: AbortSignal, services: SearchServices): Promise<IdListReply> {
  const { permits, upstream, stopping, logger } = services;
  const lease = await withDeadline(PERMIT_WITHIN_MS, signal, (inTime) => requestPermit(inTime, services));
  if (lease === null) return { kind: 'failed', reason: 'no permit in time', ended: true };
  const reply = await withDeadline(ANSWER_WITHIN_MS, stopping, (inTime) => upstream.idList(query, inTime));
  // Without an answer the upstream may still be working: the lease then runs out by itself.
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

/** Null if the signal is aborted first. */
async function requestPermit(signal: AbortSignal, { permits }: SearchServices): Promise<string | null> {
  try {
    return await permits.lookUp(randomUUID(), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    return null;
  }
}
