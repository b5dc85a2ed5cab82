import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slowTries } from '../../../../e2e/env.js';
import { type CountedLink, countAll, countLinks } from './oracle/counter.js';
import { archiveOf, world } from './oracle/worlds.js';
import { readBytes } from './read.js';

async function readLinks(bytes: Buffer) {
  const { links, leftOut } = await readBytes(bytes, { name: 'archive.warc.gz' });
  const counted = links.map(
    ({ url_from, url_to, nofollow }): CountedLink => ({ from: url_from, to: url_to, nofollow: nofollow === true }),
  );
  return { counted, leftOut };
}

test('what is read of an archive has the counts that a slow counter finds', async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ records, packing }) => {
      const bytes = archiveOf(records, packing);
      const { counted, leftOut } = await readLinks(bytes);
      expect(countAll(counted)).toEqual(countLinks(bytes));
      expect(leftOut).toEqual([]);
    }),
    { numRuns: slowTries(60) },
  );
});

type Damage = typeof damage extends fc.Arbitrary<infer D> ? D : never;

/** Breaks one record: its stated length, its middle, its beginning, or its end. */
const damage = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('length', 'cut', 'overwritten', 'garbage before'),
  by: fc.integer({ min: 1, max: 400 }),
  share: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  isMore: fc.boolean(),
});

test('of an archive with a broken record, all others are read, and what is missing is told', async () => {
  await fc.assert(
    fc.asyncProperty(world, damage, async ({ records, packing }, how) => {
      const place = how.at % records.length;
      const packed = records.map((record) => (packing === 'members' ? gzipSync(record) : record));
      const others = records.filter((_, at) => at !== place);
      const bytes = Buffer.concat(
        packed.map((record, at) => (at === place ? broken(record, how, packing === 'members') : record)),
      );
      const start = packed.slice(0, place).reduce((sum, { length }) => sum + length, 0);
      fc.pre(packing === 'members' || how.kind === 'garbage before' || !endsByChance(bytes, start));
      const { counted, leftOut } = await readLinks(bytes);
      const told = keysOf(counted);
      const sound = keysOf(await soundLinks(others));
      const all = await soundLinks(records);
      expect(without(sound, told)).toEqual([]);
      // Overwritten bytes may inflate to another address, and so may those that follow a member that was cut.
      const isSound = packing !== 'members' || how.kind === 'garbage before';
      if (isSound && how.kind !== 'overwritten') expect(without(addressesOf(counted), addressesOf(all))).toEqual([]);
      if (told.length < all.length) expect(leftOut).not.toEqual([]);
    }),
    { numRuns: slowTries(60) },
  );
});

async function soundLinks(records: readonly Buffer[]) {
  return (await readLinks(Buffer.concat(records))).counted;
}

function broken(record: Buffer, { kind, by, share, isMore }: Damage, isPacked: boolean): Buffer {
  const place = Math.floor(record.length * share);
  if (kind === 'garbage before') return Buffer.concat([Buffer.from('no record\r\n'), record]);
  if (kind === 'length' && !isPacked) {
    const text = record.toString('latin1');
    return Buffer.from(
      text.replace(
        /^Content-Length: (\d+)/m,
        (_, length) => `Content-Length: ${Math.max(0, Number(length) + (isMore ? by : -by))}`,
      ),
      'latin1',
    );
  }
  if (kind === 'overwritten' && isPacked) {
    const bytes = Buffer.from(record);
    bytes.fill(0xff, place, place + 8);
    return bytes.subarray(0, record.length);
  }
  // What is cut off is the end of the record: the next one begins behind it.
  return record.subarray(0, place);
}

/** Whether the stated length of the broken record leads to where another one begins. Then nothing shows that it is broken. */
function endsByChance(bytes: Buffer, start: number): boolean {
  const head = bytes.indexOf('\r\n\r\n', start) + 4;
  const length = Number(/^Content-Length: (\d+)/m.exec(bytes.toString('latin1', start, head))?.[1]);
  const behind = bytes.toString('latin1', head + length).replace(/^[\r\n]+/, '');
  return (behind === '' && head + length <= bytes.length) || behind.startsWith('WARC/');
}

function keysOf(links: readonly CountedLink[]): string[] {
  return links.map(({ from, to, nofollow }) => `${from} ${to} ${nofollow}`);
}

/** Without what a page that is cut may have lost: that its links are not followed. */
function addressesOf(links: readonly CountedLink[]): string[] {
  return links.map(({ from, to }) => `${from} ${to}`);
}

/** What of the first list is not in the second, as often as it stands there. */
function without(keys: readonly string[], taken: readonly string[]): string[] {
  const left = [...keys];
  for (const key of taken) {
    const at = left.indexOf(key);
    if (at !== -1) left.splice(at, 1);
  }
  return left;
}
