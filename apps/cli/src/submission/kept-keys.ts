import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const entry = z.object({
  /** The idempotency key that the list was sent with. */
  key: z.string(),
  /** The job that came of it; null while that is not known. */
  job: z.string().nullable(),
  /** The command came to its own end. One that was ended by Ctrl-C has not said what became of the job. */
  isSaid: z.boolean(),
});

export type KeptKey = z.infer<typeof entry>;

/** Which key a list was sent with, by the list's fingerprint, from one command to the next. */
export interface KeptKeys {
  /** Null where there is none that can be read. */
  find(fingerprint: string): Promise<KeptKey | null>;
  /** Keeps this one, or resolves with the one that another command has kept meanwhile. */
  begin(fingerprint: string, kept: KeptKey): Promise<KeptKey>;
  /** In the place of what was kept. */
  replace(fingerprint: string, kept: KeptKey): Promise<void>;
  /** In the place of what was kept with the same key: what another command has begun since stands. */
  update(fingerprint: string, kept: KeptKey): Promise<void>;
}

/** Longer than a job runs. */
const KEPT_MS = 90 * 86_400_000;

export function openKeptKeys(folder: string): KeptKeys {
  const pathOf = (fingerprint: string) => join(folder, `${fingerprint}.json`);
  const find = async (fingerprint: string) => {
    const text = await readFile(pathOf(fingerprint), 'utf8').catch(() => 'null');
    return parse(text);
  };
  /** Under a name of its own first, so that nobody reads half of it. */
  const written = async (kept: KeptKey) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${randomBytes(8).toString('hex')}.part`);
    await writeFile(path, JSON.stringify(kept), { mode: 0o600 });
    return path;
  };
  const replace = async (fingerprint: string, kept: KeptKey) => rename(await written(kept), pathOf(fingerprint));
  return {
    find,
    replace,
    async update(fingerprint, kept) {
      const now = await find(fingerprint);
      if (now === null || now.key === kept.key) await replace(fingerprint, kept);
    },
    async begin(fingerprint, kept) {
      // Before anything is written: what is kept counts, also where nothing more can be.
      const before = await find(fingerprint);
      if (before !== null) return before;
      const part = await written(kept);
      try {
        await link(part, pathOf(fingerprint));
        await forgetOld(folder);
        return kept;
      } catch {
        const other = await find(fingerprint);
        if (other !== null) return other;
        // It is broken, or the file system knows no links.
        await replace(fingerprint, kept);
        return kept;
      } finally {
        await rm(part, { force: true });
      }
    },
  };
}

function parse(text: string): KeptKey | null {
  try {
    return entry.nullable().parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** What was kept long ago, or was left half-written. */
async function forgetOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
}
