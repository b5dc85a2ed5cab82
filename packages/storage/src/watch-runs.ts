import { z } from 'zod';
import type { Backend } from './backend.js';
import { FORMAT, requireFormat } from './format.js';
import { type JobRef, paths, type WatchTick } from './paths.js';

const stored = z.object({ v: z.number(), job: z.string() });

interface WatchRunClaim {
  readonly job: string;
  /** The run was claimed before, so storage may have answers of its job. */
  readonly isRepeated: boolean;
}

/**
 * The job of a tick. The first claim decides, even if Redis has lost it since, so no tick buys its list twice. `proposed`:
 * the id of the job if this claim is the first.
 */
export async function claimWatchRun(backend: Backend, tick: WatchTick, proposed: string): Promise<WatchRunClaim> {
  const path = paths.watchRun(tick);
  const claim: z.infer<typeof stored> = { v: FORMAT, job: proposed };
  if (await backend.create(path, Buffer.from(JSON.stringify(claim)))) return { job: proposed, isRepeated: false };
  const bytes = await backend.get(path);
  if (bytes === null) throw new Error(`${path} was removed while it was read`);
  const { v, job } = stored.parse(JSON.parse(bytes.toString('utf8')));
  requireFormat(path, v);
  return { job, isRepeated: true };
}

interface StoredList {
  readonly list: JobRef;
  readonly rowParts: number;
  readonly invalidParts: number;
}

/** Copies the rows of a list to a job. False if the list was removed meanwhile, and is not whole. */
export async function copyRows(
  backend: Backend,
  { list, rowParts, invalidParts }: StoredList,
  to: JobRef,
): Promise<boolean> {
  const copies = [
    ...Array.from({ length: rowParts }, (_, part) => [paths.rows(list, part), paths.rows(to, part)] as const),
    ...Array.from(
      { length: invalidParts },
      (_, part) => [paths.invalidRows(list, part), paths.invalidRows(to, part)] as const,
    ),
  ];
  for (const [source, target] of copies) {
    const bytes = await backend.get(source);
    if (bytes === null) return false;
    await backend.put(target, bytes);
  }
  return true;
}
