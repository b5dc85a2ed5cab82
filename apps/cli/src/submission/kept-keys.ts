import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const entry = z.object({
  /** The idempotency key with which the list was sent. */
  key: z.string(),
  /** The job's id; null until the service has answered. */
  job: z.string().nullable(),
  /** Whether a command has told the user how the job stands. After Ctrl-C it is false. */
  isSaid: z.boolean(),
});

export type KeptKey = z.infer<typeof entry>;

/** Remembers, from one command to the next, the key with which each list was sent. Lists are identified by their fingerprints. */
export interface KeptKeys {
  /** Null if there is no entry, or it cannot be read. */
  find(fingerprint: string): Promise<KeptKey | null>;
  /** Adds an entry and resolves with it, or with the entry that exists already. */
  begin(fingerprint: string, kept: KeptKey): Promise<KeptKey>;
  /** Replaces the entry. */
  replace(fingerprint: string, kept: KeptKey): Promise<void>;
  /** Replaces the entry if it has the same key. Another command may have begun a new submission meanwhile. */
  update(fingerprint: string, kept: KeptKey): Promise<void>;
}

/** No job runs longer than this. */
const KEPT_MS = 90 * 86_400_000;

export function openKeptKeys(folder: string): KeptKeys {
  const pathOf = (fingerprint: string) => join(folder, `${fingerprint}.json`);
  const find = async (fingerprint: string) => {
    const text = await readFile(pathOf(fingerprint), 'utf8').catch(() => 'null');
    return parse(text);
  };
  /** Written to a temporary file first, so that no command reads half an entry. */
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
      // Read before writing: an entry must be found even if the disk is full.
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
        // The entry is broken, or the file system has no hard links.
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

/** Removes old entries, and temporary files of commands that were killed. */
async function forgetOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > KEPT_MS) await rm(path, { force: true });
  }
}
