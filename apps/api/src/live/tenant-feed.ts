import { randomBytes } from 'node:crypto';
import { type JobMonitor, type JobStore, MOVING_STATUSES } from '@linkhaul/jobs';
import { createBell } from './bell.js';
import { createChangeLog } from './change-log.js';
import { deletionEvent, resetEvent, stateEvent } from './frame.js';
import { createTenantReader, type TenantReading } from './tenant-reader.js';

/** What a listener may miss before it has to list all jobs again. */
const KEPT = { jobs: 1_000, bytes: 8 * 1024 * 1024 };

/** What a listener gets next. */
type Word = Uint8Array | 'heartbeat' | 'end';

/** The changes of all jobs of one tenant: each job is read once for each change, for all listeners. */
export interface TenantFeed {
  /** Words from the event with this id on, where that is still possible; else from now on, with a reset first. */
  wordsAfter(lastId: string | null): () => Promise<Word>;
  /** Nothing is read while nobody listens. */
  listen(isHeard: boolean): void;
  heartbeat(): void;
  close(): void;
}

export interface FeedSources {
  readonly store: Pick<JobStore, 'get'>;
  readonly changes: TenantReading['changes'];
  readonly monitor: Pick<JobMonitor, 'paceOf'>;
}

export function createTenantFeed(tenant: string, { store, changes, monitor }: FeedSources): TenantFeed {
  // Positions are this feed's own: after an id of another process, or of a feed before it, the listener begins again.
  const name = randomBytes(6).toString('base64url');
  const log = createChangeLog(KEPT);
  const bell = createBell<'news' | 'heartbeat'>();
  let isOver = false;

  const reader = createTenantReader({
    tenant,
    changes,
    async read(id) {
      const record = await store.get({ tenant, id });
      const told = record === null ? deletionEvent(id) : stateEvent(record, await monitor.paceOf(record));
      if (log.tell({ ...told, id, bytesAt: (at) => told.bytesOf(`${name}.${at}`) })) bell.ring('news');
      return record !== null && MOVING_STATUSES.includes(record.status);
    },
    missed() {
      log.breakOff();
      bell.ring('news');
    },
  });
  /** What is said without waiting; null: there is nothing new. */
  const nextAfter = (position: number): { position: number; bytes: Uint8Array } | 'end' | null => {
    if (isOver) return 'end';
    const entry = log.after(position);
    return entry === 'missed' ? { position: log.end(), bytes: resetEvent(`${name}.${log.end()}`) } : entry;
  };
  return {
    wordsAfter(lastId) {
      let position = placeOf(lastId, name, log.end());
      // Some servers on the way send nothing on before the first bytes.
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

/** The position that an id names in this feed; else one before all. */
function placeOf(lastId: string | null, name: string, end: number): number {
  const [feed, place = ''] = lastId?.split('.') ?? [];
  const position = Number(place);
  return feed === name && /^\d+$/.test(place) && position <= end ? position : -1;
}
