import { z } from 'zod';
import type { Backend } from './backend.js';
import { NewerFormat, requireFormat } from './format.js';
import type { JobRef } from './paths.js';
import { packSnapshot, unpackSnapshot } from './snapshot-bytes.js';

/** Whose state a snapshot holds: a job's, or a tenant's with its keys and settings. */
export type SnapshotOwner = JobRef | { readonly tenant: string };

/** `member`: one member of a set or a sorted set (with its score) that many jobs share. The snapshot leaves the others out. */
export const snapshotEntryType = z.enum(['hash', 'list', 'set', 'zset', 'string', 'member']);

/** A key of Redis as the snapshot found it. */
const entry = z.object({
  /** Its name behind the prefix. */
  key: z.string(),
  type: snapshotEntryType,
  /** A string is in base64. Hashes and sorted sets are flat: each name with its value, each member with its score. */
  values: z.array(z.string()),
  /** How long it was still to be kept. Missing if it has no time to live. */
  ttlMs: z.number().optional(),
});

const snapshot = z.object({
  /** Its format. */
  v: z.number(),
  /** Each snapshot of an owner has a higher number than the one before, even if Redis was lost in between. */
  number: z.number(),
  /** ms since the epoch, on Redis' clock. */
  takenAt: z.number(),
  /** Jobs of one era belong together. Another era begins when storage is adopted without its jobs. */
  era: z.string(),
  entries: z.array(entry),
});

export type SnapshotEntry = z.infer<typeof entry>;
export type Snapshot = z.infer<typeof snapshot>;

const ROOT = 'snapshots';
const ERA = `${ROOT}/era`;
const NUMBER_LENGTH = 15;

function folderOf(owner: SnapshotOwner): string {
  return 'id' in owner ? `${ROOT}/jobs/${owner.tenant}/${owner.id}` : `${ROOT}/tenants/${owner.tenant}`;
}

function pathOf(owner: SnapshotOwner, number: number): string {
  return `${folderOf(owner)}/${String(number).padStart(NUMBER_LENGTH, '0')}.json.gz`;
}

/**
 * Stores a snapshot beside the owner's last one, then removes that one, whose number is `before` (0: none). So a late write
 * never replaces a newer snapshot.
 */
export async function storeSnapshot(
  backend: Backend,
  owner: SnapshotOwner,
  taken: Snapshot,
  before: number,
): Promise<void> {
  const bytes = await packSnapshot(JSON.stringify(taken));
  // A tenant's snapshot holds the secret of its webhooks.
  await backend.put(pathOf(owner, taken.number), bytes, 'id' in owner ? undefined : 'secret');
  if (before > 0) await backend.remove(pathOf(owner, before));
}

export async function removeSnapshots(backend: Backend, owner: SnapshotOwner): Promise<void> {
  await backend.remove(folderOf(owner));
}

/** The era whose jobs count. Empty before the first change of era. */
export async function readEra(backend: Backend): Promise<string> {
  return (await backend.get(ERA))?.toString('utf8') ?? '';
}

/** Begins an era: earlier snapshots no longer count, and stay in storage. */
export async function beginEra(backend: Backend, era: string): Promise<void> {
  await backend.put(ERA, Buffer.from(era));
}

export interface StoredSnapshot {
  readonly owner: SnapshotOwner;
  readonly path: string;
  readonly number: number;
}

/** The last snapshot of each owner. */
export async function listSnapshots(backend: Backend): Promise<StoredSnapshot[]> {
  const last = new Map<string, StoredSnapshot>();
  for (const path of (await backend.list(ROOT)).sort()) {
    const [, kind = '', tenant = '', ...rest] = path.split('/');
    if (kind !== 'jobs' && kind !== 'tenants') continue;
    const owner = kind === 'jobs' ? { tenant, id: rest[0] ?? '' } : { tenant };
    const number = Number.parseInt(path.slice(path.lastIndexOf('/') + 1), 10);
    last.set(folderOf(owner), { owner, path, number });
  }
  return [...last.values()];
}

/**
 * Null if it was removed meanwhile. Rejects with an `UnreadableSnapshot` if it is damaged, and with a `NewerFormat` if a
 * later version wrote it.
 */
export async function readSnapshot(backend: Backend, { path }: StoredSnapshot): Promise<Snapshot | null> {
  const bytes = await backend.get(path);
  if (bytes === null) return null;
  try {
    const content: unknown = JSON.parse(await unpackSnapshot(bytes));
    requireFormat(path, z.object({ v: z.number() }).parse(content).v);
    return snapshot.parse(content);
  } catch (cause) {
    throw cause instanceof NewerFormat ? cause : new UnreadableSnapshot(path, { cause });
  }
}

export class UnreadableSnapshot extends Error {
  override readonly name = 'UnreadableSnapshot';

  constructor(path: string, options: ErrorOptions) {
    super(`${path} in storage is damaged`, options);
  }
}
