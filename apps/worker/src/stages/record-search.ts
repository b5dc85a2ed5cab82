import { randomUUID } from 'node:crypto';
import { type IdListEntry, type IdListRequest, upstreamTimestamp } from '@linkhaul/schemas';
import type { Services } from '../services.js';

/** Around the sending: the record's times are whole seconds, and say when a call was posted. */
const WINDOW_MS = 60_000;
/** Entries echo every target of their call, so that pages must be small. */
const PAGE = 100;
/** Clocks that differ by less are within the window; by more, it is moved by the difference. */
const CLOCKS_AGREE_MS = 30_000;

/** What the upstream's record says of some calls, by their tags. */
export type RecordSearch =
  | { readonly kind: 'found'; readonly entries: ReadonlyMap<string, IdListEntry> }
  /** There is no record to ask, or it did not answer. */
  | { readonly kind: 'none' | 'failed' };

interface Wanted {
  readonly tags: ReadonlySet<string>;
  /** Times of the first and the last sending, on Redis' clock. */
  readonly from: number;
  readonly to: number;
}

type Sweep = RecordSearch | { readonly kind: 'clocks_apart'; readonly offset: number };

/** One sweep over the record serves all calls that are sought; a second, by the upstream's clock, where ours is wrong. */
export async function searchRecord(wanted: Wanted, services: Services): Promise<RecordSearch> {
  const first = await sweep(wanted, 0, services);
  if (first.kind !== 'clocks_apart') return first;
  const second = await sweep(wanted, first.offset, services);
  return second.kind === 'clocks_apart' ? { kind: 'failed' } : second;
}

async function sweep(wanted: Wanted, clockOffset: number, services: Services): Promise<Sweep> {
  const window = {
    datetime_from: upstreamTimestamp(new Date(wanted.from + clockOffset - WINDOW_MS)),
    datetime_to: upstreamTimestamp(new Date(wanted.to + clockOffset + WINDOW_MS)),
  };
  const found = new Map<string, IdListEntry>();
  for (let offset = 0; found.size < wanted.tags.size; offset += PAGE) {
    const page = await readPage({ ...window, limit: PAGE, offset, sort: 'asc', include_metadata: true }, services);
    if (page.kind !== 'entries') return { kind: page.kind === 'no_record' ? 'none' : 'failed' };
    const apart = page.date === null ? clockOffset : page.date - (await services.calls.now());
    if (Math.abs(apart - clockOffset) > CLOCKS_AGREE_MS) return { kind: 'clocks_apart', offset: apart };
    collectWanted(page.entries, wanted.tags, found);
    if (page.length < PAGE) break;
  }
  return { kind: 'found', entries: found };
}

function collectWanted(
  entries: readonly IdListEntry[],
  tags: ReadonlySet<string>,
  found: Map<string, IdListEntry>,
): void {
  for (const entry of entries) {
    const tag = entry.metadata?.tag;
    if (typeof tag === 'string' && tags.has(tag)) found.set(tag, entry);
  }
}

async function readPage(query: IdListRequest, { permits, upstream, draining, stopping, logger }: Services) {
  const lease = await permits.lookUp(randomUUID(), draining);
  const reply = await upstream.idList(query, stopping);
  logger.info(
    {
      offset: query.offset,
      kind: reply.kind,
      found: reply.kind === 'entries' ? reply.length : 0,
      reason: reply.kind === 'failed' ? reply.reason : null,
    },
    'look-up',
  );
  // Where no answer came, the upstream may still be at it: then the lease stands until it ends.
  if (reply.kind !== 'failed' || reply.ended) await permits.release(lease);
  return reply;
}
