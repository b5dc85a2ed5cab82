import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSent, refusalOf, utf16 } from './read-lists.js';

const CSV = 'text/csv';
const TEXT = 'text/plain';

/** A tar archive of one file: its head of 512 bytes, with the mark at byte 257, then the file. */
function tar(name: string, text: string): Buffer {
  const head = Buffer.alloc(512);
  head.write(name);
  head.write('ustar', 257);
  return Buffer.concat([head, Buffer.from(text), Buffer.alloc(512)]);
}

describe('bytes', () => {
  it.each<[string, string, Buffer, string, string]>([
    ['UTF-16 with a mark', CSV, utf16('\ufeffSeite\tä\nhttps://ä.de/\t1\n'), 'utf-16le', 'https://ä.de/'],
    [
      'UTF-16 of the other order',
      CSV,
      utf16('\ufeffSeite\tä\nhttps://😀.la/\t1\n', 'be'),
      'utf-16be',
      'https://😀.la/',
    ],
    ['UTF-16 by its charset', 'text/plain; charset=UTF-16', utf16('a.com'), 'utf-16le', 'a.com'],
    [
      'UTF-16 of the other order by its charset',
      'text/plain; charset=utf-16',
      utf16('a.com', 'be'),
      'utf-16be',
      'a.com',
    ],
    [
      'Windows',
      'text/plain; charset=windows-1252',
      Buffer.from('b\xfccher.de/\x80', 'latin1'),
      'windows-1252',
      'bücher.de/€',
    ],
    ['Latin 1', 'text/plain; charset="ISO-8859-1"', Buffer.from('b\xfccher.de', 'latin1'), 'windows-1252', 'bücher.de'],
    ['ASCII', 'text/plain; charset=us-ascii', Buffer.from('a.com'), 'us-ascii', 'a.com'],
    [
      'a mark against its charset',
      'text/plain; charset=windows-1252',
      Buffer.from('\ufeffbücher.de'),
      'utf-8',
      'bücher.de',
    ],
    ['a gzip file', TEXT, gzipSync('a.com\n'), 'utf-8', 'a.com'],
  ])('of %s are text', async (_, ...[type, body, encoding, input]) => {
    const places = Array.from({ length: body.length }, (_unused, at) => at);
    const { rows, report } = await readSent({ type, body, places });
    expect({ encoding: report.encoding, input: rows[0]?.input }).toEqual({ encoding, input });
  });

  it.each<[string, string, Buffer, RegExp]>([
    ['UTF-16 without a mark', TEXT, utf16('a.com\n'), /charset=utf-16le/],
    ['UTF-32', TEXT, Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /UTF-32/],
    ['half a pair', TEXT, utf16('\ufeffa.com\n\ud800b'), /Line 2/],
    ['half a unit', TEXT, Buffer.concat([utf16('\ufeffa.com\r'), Buffer.from('b')]), /Line 2/],
    ['another charset', 'text/plain; charset=shift_jis', Buffer.from('a.com'), /windows-1252/],
    ['no ASCII', 'text/plain; charset=us-ascii', Buffer.from('a.com\rbücher.de'), /Line 2/],
    ['no UTF-8', TEXT, Buffer.from('a.com\rb\xfccher.de', 'latin1'), /Line 2 .*charset=.*windows-1252/],
  ])('of %s are refused', async (_, ...[type, body, says]) => {
    for (const places of [[], Array.from({ length: body.length }, (_unused, at) => at)]) {
      expect((await refusalOf({ type, body, places })).message).toMatch(says);
    }
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'a ZIP archive',
      Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from('list.csv'), Buffer.alloc(90)]),
      /ZIP.*unpack/,
    ],
    ['a short ZIP archive', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from('l.csv')]), /ZIP/],
    [
      'a workbook',
      Buffer.concat([
        Buffer.from('PK\x03\x04'),
        Buffer.alloc(26),
        Buffer.from('[Content_Types].xml'),
        Buffer.alloc(90),
      ]),
      /XLSX.*CSV/,
    ],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae100', 'hex'), /XLS.*CSV/],
    ['a PDF', Buffer.from('%PDF-1.7\n'), /PDF/],
    ['a Parquet file', Buffer.from('PAR1\x15\x04'), /Parquet.*CSV/],
    ['an Arrow file', Buffer.from('ARROW1\0\0'), /Arrow.*CSV/],
    ['an Avro file', Buffer.from('Obj\x01\x04'), /Avro.*CSV/],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /picture/],
    ['a tar archive', tar('list.txt', 'a.com\n'), /tar.*unpack/],
    ['a packed tar archive', gzipSync(tar('list.txt', 'a.com\n')), /tar/],
    ['a packed workbook', gzipSync(Buffer.from('d0cf11e0a1b11ae100', 'hex')), /XLS/],
  ])('of %s are refused by name', async (_, body, says) => {
    for (const places of [[], [1, 2, 3, 5, 31, 110, 260]]) {
      const { code, message } = await refusalOf({ type: CSV, body, places });
      expect(code).toBe('unsupported_media_type');
      expect(message).toMatch(says);
    }
  });

  it('that only begin like such a file are a list', async () => {
    for (const body of ['P', 'PK', 'pk.com', 'PAR1.com', '%', '7z.com', '\x1f']) {
      expect((await readSent({ type: TEXT, body })).rows).toMatchObject([{ input: body }]);
    }
  });
});
