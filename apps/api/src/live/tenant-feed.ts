import { randomBytes } from 'node:crypto';
import { type JobMonitor, type JobStore, MOVING_STATUSES } from '@linkhaul/jobs';
import { createBell } from './bell.js';
import { createChangeLog } from './change-log.js';
import { deletionEvent, resetEvent, stateEvent } from './frame.js';
import { createTenantReader, type TenantReading } from './tenant-reader.js';

/** How many changes a listener may be behind before it has to list all jobs again. */
const KEPT = { jobs: 1_000, bytes: 8 * 1024 * 1024 };

/** What a listener gets next. */
type Message = Uint8Array | 'heartbeat' | 'end';

/** The changes of all jobs of one tenant. A job is read once per change, for all listeners. */
export interface TenantFeed {
  /** Events after the one with this id if the feed still has them; otherwise a reset, then new events. */
  wordsAfter(lastId: string | null): () => Promise<Message>;
  /** While the feed has no listeners, no job is read. */
  listen(hasListeners: boolean): void;
  heartbeat(): void;
  close(): void;
}

export interface FeedSources {
  readonly store: Pick<JobStore, 'get'>;
  readonly changes: TenantReading['changes'];
  readonly monitor: Pick<JobMonitor, 'paceOf'>;
}

export function createTenantFeed(tenant: string, { store, changes, monitor }: FeedSources): TenantFeed {
  // Only this feed knows its positions. For an id from another process, or from an earlier feed, the listener begins again.
  const name = randomBytes(6).toString('base64url');
  const log = createChangeLog(KEPT);
  const bell = createBell<'news' | 'heartbeat'>();
  let isOver = false;

  const reader = createTenantReader({
    tenant,
    changes,
    async read(id) {
      const record = await store.get({ tenant, id });
      const event = record === null ? deletionEvent(id) : stateEvent(record, await monitor.paceOf(record));
      if (log.tell({ ...event, id, bytesAt: (at) => event.bytesOf(`${name}.${at}`) })) bell.ring('news');
      return record !== null && MOVING_STATUSES.includes(record.status);
    },
    missed() {
      log.breakOff();
      bell.ring('news');
    },
  });
  /** The next event; null if there is none yet. */
  const nextAfter = (position: number): { position: number; bytes: Uint8Array } | 'end' | null => {
    if (isOver) return 'end';
    const entry = log.after(position);
    return entry === 'missed' ? { position: log.end(), bytes: resetEvent(`${name}.${log.end()}`) } : entry;
  };
  return {
    wordsAfter(lastId) {
      let position = placeOf(lastId, name, log.end());
      // Some proxies pass nothing on until the first bytes arrive.
      let isSilent = true;
      return async () => {
        let next = nextAfter(position);
        while (next === null) {
          if (isSilent || (await bell.heard()) === 'heartbeat') {
            isSilent = false;
            return 'heartbeat';
          }
          next = nextAfter(position);
        }
        if (next === 'end') return 'end';
        [position, isSilent] = [next.position, false];
        return next.bytes;
      };
    },
    listen: reader.listen,
    heartbeat: () => bell.ring('heartbeat'),
    close() {
      isOver = true;
      reader.close();
      bell.ring('news');
    },
  };
}

/** The position of this id in the feed; -1, before all events, if the id is of another feed. */
function placeOf(lastId: string | null, name: string, end: number): number {
  const [feed, place = ''] = lastId?.split('.') ?? [];
  const position = Number(place);
  return feed === name && /^\d+$/.test(place) && position <= end ? position : -1;
}
