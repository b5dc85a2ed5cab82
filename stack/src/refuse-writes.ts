import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Makes a folder refuse writes until the returned function is called. As root, whom permissions do not bind, by a mount. */
export async function refuseWrites(folder: string): Promise<() => Promise<void>> {
  if (process.getuid?.() !== 0) {
    await chmod(folder, 0o555);
    return () => chmod(folder, 0o755);
  }
  // Made read-only before it is moved into place: a mount through which a process is writing cannot become read-only.
  const made = await mkdtemp(join(tmpdir(), 'read-only-'));
  await run('mount', ['--bind', folder, made]);
  await run('mount', ['-o', 'remount,bind,ro', made]);
  await run('mount', ['--bind', made, folder]);
  await run('umount', [made]);
  await rmdir(made);
  return async () => {
    // Lazily, because a process may be reading there.
    await run('umount', ['--lazy', folder]);
  };
}
