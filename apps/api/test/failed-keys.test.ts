import { expect, it } from 'vitest';
import { createFailedKeys, type FailedKeys } from '../src/middleware/failed-keys.js';

const PLACES = 16;
const FREE = 20;
const HERE = '198.51.100.1';

const right = async () => 'caller';
const wrong = async () => null;
const tooMany = { code: 'too_many_requests' };

async function fail(keys: FailedKeys, address: string, times: number): Promise<void> {
  for (let at = 0; at < times; at++) expect(await keys.judge(address, `wrong-${at}`, wrong)).toBeNull();
}

/** Look-ups that are all open until they are ended. */
function openLookups(keys: FailedKeys, hashes: readonly string[]) {
  let end = () => {};
  const ended = new Promise<null>((resolve) => {
    end = () => resolve(null);
  });
  let begun = 0;
  const judged = Promise.allSettled(
    hashes.map((hash) =>
      keys.judge(HERE, hash, () => {
        begun++;
        return ended;
      }),
    ),
  );
  return { begun: () => begun, end, judged };
}

const hashes = (count: number) => Array.from({ length: count }, (_, at) => `hash-${at}`);

it('is looked up in 16 places at most once its address has tried too many', async () => {
  const keys = createFailedKeys();
  await fail(keys, HERE, FREE);
  const lookups = openLookups(keys, hashes(100));
  expect(lookups.begun()).toBe(PLACES);
  lookups.end();
  for (const one of await lookups.judged) expect(one).toMatchObject({ status: 'rejected', reason: tooMany });
});

it('of an address that has tried none yet is looked up in no more places than it may try', async () => {
  const keys = createFailedKeys();
  const lookups = openLookups(keys, hashes(100));
  expect(lookups.begun()).toBe(FREE + PLACES);
  lookups.end();
  const answered = (await lookups.judged).filter(({ status }) => status === 'fulfilled');
  expect(answered).toHaveLength(FREE);
});

it('leaves the place of its look-up, whether it was right, or was not answered', async () => {
  const keys = createFailedKeys();
  await fail(keys, HERE, FREE);
  const away = async () => Promise.reject(new Error('Redis is away'));
  for (const hash of hashes(3 * PLACES)) await expect(keys.judge(HERE, hash, away)).rejects.toThrow('Redis is away');
  for (const hash of hashes(3 * PLACES)) expect(await keys.judge(HERE, hash, right)).toBe('caller');
});

it('that was right is let in while all places are taken, in as many requests as there are, until it is wrong', async () => {
  const keys = createFailedKeys();
  await keys.judge(HERE, 'mine', right);
  await fail(keys, HERE, FREE);
  const lookups = openLookups(keys, hashes(PLACES));
  expect(await Promise.all(Array.from({ length: 50 }, () => keys.judge(HERE, 'mine', right)))).toHaveLength(50);
  await expect(keys.judge(HERE, 'mine', wrong)).rejects.toMatchObject(tooMany);
  // Not looked up, so not found to be right.
  await expect(keys.judge(HERE, 'mine', right)).rejects.toMatchObject(tooMany);
  lookups.end();
  await lookups.judged;
});

it('needs one place for as many requests as bring it at once', async () => {
  const keys = createFailedKeys();
  await fail(keys, HERE, FREE);
  const lookups = openLookups(keys, hashes(PLACES - 1));
  const same = Array.from({ length: 50 }, () => keys.judge(HERE, 'mine', right));
  expect(await Promise.all(same)).toHaveLength(50);
  lookups.end();
  await lookups.judged;
});

it('of as many addresses as there are takes bounded memory', async () => {
  const keys = createFailedKeys();
  await fail(keys, 'first', FREE);
  for (let at = 0; at < 10_000; at++) await keys.judge(`other-${at}`, 'wrong', wrong);
  await fail(keys, 'first', 1);
});

it('of nobody is neither slowed nor counted', async () => {
  const keys = createFailedKeys();
  for (const hash of hashes(100)) expect(await keys.judge(null, hash, wrong)).toBeNull();
});
