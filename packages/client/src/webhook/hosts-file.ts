import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';

/** The addresses of a name in the hosts file. Empty if the name is not in it. */
export type HostsFile = (name: string) => readonly string[];

type Entries = ReadonlyMap<string, readonly string[]>;

/**
 * Reads the hosts file, and again whenever it has changed. Reads synchronously, because a read in the thread pool would wait
 * behind other files, and the file is small.
 */
export function readHostsFile(path: string): HostsFile {
  let version = '';
  let entries: Entries = new Map();
  return (name) => {
    const found = statSync(path, { throwIfNoEntry: false });
    const now = found === undefined ? '' : `${found.mtimeMs} ${found.size}`;
    if (now !== version) {
      entries = now === '' ? new Map() : parse(textOf(path));
      version = now;
    }
    return entries.get(name) ?? [];
  };
}

/** A file that cannot be read counts as empty: names can still be found by DNS. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function parse(text: string): Entries {
  const entries = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) === 0) continue;
    for (const name of names.map((one) => one.toLowerCase())) {
      const known = entries.get(name);
      if (known === undefined) entries.set(name, [address]);
      else known.push(address);
    }
  }
  return entries;
}
