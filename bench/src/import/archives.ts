import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { gzipSync } from 'node:zlib';

export interface MadeArchives {
  readonly paths: readonly string[];
  readonly html: number;
  readonly links: number;
}

const PAGE_BYTES = 60_000;
const LINKS_IN_SITE = 70;
const LINKS_OUT = 12;
const DATE = '2026-03-04T05:06:07Z';
const WORDS =
  'the of a link page site that which to read more news about home contact with from and an our open first'.split(' ');

/** Writes archives like a crawler's, with a gzip member for each record. A page has typical numbers of links and words. */
export async function makeArchives(folder: string, archives: number, pages: number): Promise<MadeArchives> {
  const paths: string[] = [];
  let html = 0;
  for (let archive = 0; archive < archives; archive++) {
    const path = `${folder}/${archive}.warc.gz`;
    const file = createWriteStream(path);
    for (let page = 0; page < pages; page++) {
      const seed = archive * pages + page;
      const body = pageOf(seed);
      html += body.length;
      if (!file.write(gzipSync(recordOf(`https://www.site-${seed}.com/page`, body), { level: 1 })))
        await once(file, 'drain');
    }
    file.end();
    await once(file, 'close');
    paths.push(path);
  }
  return { paths, html, links: archives * pages * LINKS_OUT };
}

function recordOf(uri: string, body: Buffer): Buffer {
  const http = 'HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nServer: nginx\r\n\r\n';
  const head = [
    'WARC/1.0',
    'WARC-Type: response',
    `WARC-Target-URI: ${uri}`,
    `WARC-Date: ${DATE}`,
    'Content-Type: application/http; msgtype=response',
    `Content-Length: ${http.length + body.length}`,
  ].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n${http}`), body, Buffer.from('\r\n\r\n')]);
}

function pageOf(seed: number): Buffer {
  let drawn = seed + 1;
  const draw = (below: number) => {
    drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648;
    return drawn % below;
  };
  const words = (count: number) => Array.from({ length: count }, () => WORDS[draw(WORDS.length)]).join(' ');
  const item = (href: string) =>
    `<li class="item item-${draw(9)}" id="i${draw(1000)}"><a href="${href}" title="${words(3)}"><span>${words(4)}</span></a></li>`;
  const inSite = Array.from({ length: LINKS_IN_SITE }, (_, n) => item(`/section/${draw(50)}/${n}.html`));
  const out = Array.from({ length: LINKS_OUT }, (_, n) => item(`https://goal-${draw(20_000)}.com/article/${n}`));
  const head = `<!doctype html><html lang="en"><head><title>${words(6)}</title><meta name="description" content="${words(20)}"><link rel="stylesheet" href="/s.css"><script>${'var x = 1; '.repeat(400)}</script></head>`;
  const start = `${head}<body><nav><ul>${inSite.join('\n')}</ul></nav><main><ul>${out.join('\n')}</ul>`;
  const paragraphs: string[] = [];
  for (let length = start.length; length < PAGE_BYTES; length += paragraphs.at(-1)?.length ?? 0) {
    paragraphs.push(`<p class="text">${words(30)} <em>${words(2)}</em>&amp;<br>${words(30)}</p>\n`);
  }
  return Buffer.from(`${start}${paragraphs.join('')}</main></body></html>`);
}
