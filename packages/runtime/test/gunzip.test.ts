import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GzipFault, gunzipped } from '../src/gunzip.js';

/** A body that comes in pieces which end at these places. */
async function* inPieces(body: Buffer, places: readonly number[]): AsyncGenerator<Buffer> {
  const ends = [...new Set(places.map((place) => place % (body.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...ends, body.length]) {
    if (to > from) yield body.subarray(from, to);
    from = to;
  }
}

async function contentOf(body: Buffer, places: readonly number[] = []): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of gunzipped(inPieces(body, places), 1024)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function kindOf(body: Buffer, places: readonly number[] = []): Promise<string> {
  const error = await contentOf(body, places).catch((reason: unknown) => reason);
  return error instanceof GzipFault ? error.kind : `no fault: ${JSON.stringify(error)}`;
}

const places = fc.array(fc.nat(5000), { maxLength: 12 });
const member = fc.record({ text: fc.string({ maxLength: 3000 }), padding: fc.oneof(fc.constant(0), fc.nat(700)) });

describe('a gzip file', () => {
  it('gives the content of all its members, however they are padded and cut on their way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 5 }), places, async (members, cuts) => {
        const packed = members.flatMap(({ text, padding }) => [gzipSync(text), Buffer.alloc(padding)]);
        expect(await contentOf(Buffer.concat(packed), cuts)).toBe(members.map(({ text }) => text).join(''));
      }),
    );
  });

  it('is never read in part without a word: whatever is cut off or put behind it, the content is whole or there is a fault', async () => {
    const behind = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom('\n', 'PK', '\x1f', '\x1f\x8b\x08'));
    const change = fc.record({ padding: fc.nat(600), behind, cut: fc.oneof(fc.constant(0), fc.nat(200)) });
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 2000 }),
        change,
        places,
        async (text, { padding, behind: tail, cut }, cuts) => {
          const whole = Buffer.concat([gzipSync(text), Buffer.alloc(padding), Buffer.from(tail)]);
          const body = whole.subarray(0, whole.length - Math.min(cut, whole.length));
          const read = await contentOf(body, cuts).catch((error: unknown) => error);
          if (!(read instanceof GzipFault)) expect(read).toBe(text);
          const left = body.subarray(gzipSync(text).length);
          const isWhole = body.length >= gzipSync(text).length && left.every((byte) => byte === 0);
          expect(read instanceof GzipFault).toBe(!isWhole);
        },
      ),
    );
  });

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'cut'],
    ['half of one', gzipSync('a.com\n'.repeat(99)).subarray(0, 30), 'cut'],
    ['a second member that is cut', Buffer.concat([gzipSync('a'), gzipSync('b').subarray(0, 12)]), 'cut'],
    [
      'a second member behind padding that is cut',
      Buffer.concat([gzipSync('a'), Buffer.alloc(9), gzipSync('b').subarray(0, 12)]),
      'cut',
    ],
    ['text behind it', Buffer.concat([gzipSync('a'), Buffer.from('b.com\n')]), 'broken'],
    ['text behind padding', Buffer.concat([gzipSync('a'), Buffer.alloc(1024), Buffer.from('b.com\n')]), 'broken'],
    ['text', Buffer.from('a.com\nb.com\n'), 'broken'],
    ['padding before it', Buffer.concat([Buffer.alloc(4), gzipSync('a')]), 'broken'],
    [
      'another checksum',
      Buffer.concat([gzipSync('a').subarray(0, 10), deflateRawSync('b'), gzipSync('a').subarray(-8)]),
      'broken',
    ],
  ])('%s is a fault', async (_, ...[body, kind]) => {
    expect(await kindOf(body)).toBe(kind);
    expect(await kindOf(body, [1, 2, 3, 20, 21, 22, 30])).toBe(kind);
  });

  it('of many padded members that hold next to nothing is a fault; with content in them it is none', async () => {
    const padded = (text: string, count: number) => {
      const member = Buffer.concat([gzipSync(text), Buffer.alloc(1)]);
      return Buffer.concat(Array.from({ length: count }, () => member));
    };
    expect(await kindOf(padded('', 1_100))).toBe('broken');
    expect(await kindOf(padded('a.com\n', 1_100))).toBe('broken');
    const block = 'a.com\n'.repeat(1_000);
    expect((await contentOf(padded(block, 1_500))).length).toBe(1_500 * block.length);
  });

  it('fails as its source does', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield gzipSync('a.com\n'.repeat(999)).subarray(0, 20);
      throw new Error('the connection is gone');
    }
    const reading = async () => {
      for await (const _ of gunzipped(failing(), 1024));
    };
    await expect(reading()).rejects.toThrow('the connection is gone');
  });

  it('that nobody reads to its end leaves its source', async () => {
    let isLeft = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield gzipSync('a.com\n'.repeat(9999));
      } finally {
        isLeft = true;
      }
    }
    for await (const _ of gunzipped(endless(), 1024)) break;
    await expect.poll(() => isLeft).toBe(true);
  });
});
