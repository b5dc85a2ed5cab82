import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
  readonly etag: string;
}

/** The dashboard as `pnpm build` makes it: a few hundred kilobytes, held in memory. */
export interface PageFiles {
  readonly index: PageFile;
  /** By path, such as `/assets/index-B1x2.js`. Each name contains a hash of its content, so no file ever changes. */
  readonly assets: ReadonlyMap<string, PageFile>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const compress = promisify(gzip);

/** Null if the API runs from its sources, which contain no built page. */
export async function readPage(folder: URL): Promise<PageFiles | null> {
  const names = await readdir(new URL('assets/', folder)).catch(() => null);
  if (names === null) return null;
  const assets = new Map<string, PageFile>();
  for (const name of names) assets.set(`/assets/${name}`, await readPageFile(new URL(`assets/${name}`, folder)));
  return { index: await readPageFile(new URL('index.html', folder)), assets };
}

async function readPageFile(url: URL): Promise<PageFile> {
  const bytes = new Uint8Array(await readFile(url));
  return {
    type: TYPES[extname(url.pathname)] ?? 'application/octet-stream',
    bytes,
    gzipped: new Uint8Array(await compress(bytes)),
    etag: `"${createHash('sha256').update(bytes).digest('base64url')}"`,
  };
}
