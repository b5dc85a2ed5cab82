import type { RecordEntry } from '@linkhaul/schemas';
import type { RecordFinding } from './attempt-fate.js';
import type { LookUpServices, PendingLookUp } from './looked-up-attempt.js';
import { mayBelongTo } from './match-nameless-entry.js';
import type { RecordWindow } from './record-window.js';
import { searchRecord } from './search-record.js';

interface Reading {
  readonly beganAt: number;
  /** Stops further requests. */
  readonly signal: AbortSignal;
}

/**
 * Reads one window of the record. A call that is found is decided at once, the others after the last page. Returns how many of the
 * others may be among the entries without a readable tag.
 */
export async function readWindow(
  window: RecordWindow<PendingLookUp>,
  { beganAt, signal }: Reading,
  services: LookUpServices,
): Promise<number> {
  const { dispatcher, metrics } = services;
  const open = new Map(window.attempts.map((pending) => [pending.tag, pending]));
  const hidden = new Set<PendingLookUp>();
  const takeNameless = async (entry: RecordEntry) => {
    metrics.nameless();
    for (const pending of open.values()) {
      if (!hidden.has(pending) && (await mayBelongTo(entry, pending, services))) hidden.add(pending);
    }
  };
  const take = async (entries: readonly RecordEntry[]) => {
    for (const entry of entries) {
      if (entry.tag === null) await takeNameless(entry);
      const pending = open.get(entry.tag ?? '');
      if (pending === undefined) continue;
      open.delete(pending.tag);
      await pending.decide({ kind: 'entry', entry, beganAt });
    }
    await dispatcher.fill();
    return open.size === 0;
  };
  const end = await searchRecord(window, { signal, take }, services);
  for (const pending of open.values()) {
    const unseen: RecordFinding = hidden.has(pending) ? { kind: 'hidden' } : { kind: 'absent', beganAt };
    await pending.decide(end === 'whole' ? unseen : { kind: end });
  }
  return [...open.values()].filter((pending) => hidden.has(pending)).length;
}
