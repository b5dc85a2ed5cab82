import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLeftOut } from '../../src/import/left-out.js';
import type { LinkSeen, PageFetched } from '../../src/import/part.js';
import { readSource } from '../../src/import/read-source.js';

interface Asked {
  readonly internal?: boolean;
  readonly only?: readonly string[];
  readonly name?: string;
}

export const WRITTEN = new Date('2026-01-02T03:04:05Z');

/** What an import reads of a file with these bytes. */
export async function readBytes(bytes: Buffer | string, { internal = true, only, name = 'file' }: Asked = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'import-'));
  const path = join(folder, name);
  await writeFile(path, bytes);
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const links: LinkSeen[] = [];
    const pages: PageFetched[] = [];
    const leftOut = createLeftOut();
    const read = await readSource(
      { path, name, file, start: 0, size },
      {
        rows: { link: (link) => links.push(link), page: (page) => pages.push(page) },
        leftOut,
        options: { internal },
        only: only === undefined ? null : new Set(only),
        written: WRITTEN,
        onRecord: () => {},
      },
    );
    return { read, links, pages, leftOut: leftOut.list() };
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
}

/** A link in one line: `anchor http://a.com/ > http://b.com/ "text" nofollow`. */
export function inLine({ type, url_from, url_to, anchor, nofollow }: LinkSeen): string {
  return `${type} ${url_from} > ${url_to}${anchor === null ? '' : ` "${anchor}"`}${nofollow === true ? ' nofollow' : ''}`;
}
