import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { refuseWrites } from '@linkhaul/stack';
import type { Case } from '../case.js';
import type { World } from '../world.js';

const AWAY_MS = 4_000;
const SLOW_MS = 300;
/** More than the small disk holds: the file takes all free space. */
const MORE_THAN_FREE = 128 * 1024 * 1024;

/** What happens to storage. */
export const STORAGE: readonly Case[] = [
  {
    name: 'mount-gone',
    what: 'the folder of storage is away for seconds',
    async disturb({ storageDir }) {
      await rename(storageDir, `${storageDir}-away`);
      await sleep(AWAY_MS);
      await rename(`${storageDir}-away`, storageDir);
    },
  },
  {
    name: 'read-only',
    what: 'storage takes no writes for seconds',
    async disturb({ storageDir }) {
      const takeWrites = await refuseWrites(storageDir);
      await sleep(AWAY_MS);
      await takeWrites();
    },
  },
  {
    name: 'disk-full',
    what: 'the disk of storage is full for seconds',
    place: 'small-disk',
    async disturb({ storageDir }) {
      const filler = join(storageDir, '..', 'filler');
      await writeFile(filler, Buffer.alloc(MORE_THAN_FREE)).catch(() => undefined);
      await sleep(AWAY_MS);
      await rm(filler);
    },
  },
  {
    name: 'bucket-away',
    what: 'the bucket refuses everything for seconds (503 SlowDown)',
    place: 'bucket',
    disturb: (world) => whileTroubled(world, () => 'busy'),
  },
  {
    name: 'bucket-cut',
    what: "the bucket's connections are cut, before and after a request is done",
    place: 'bucket',
    disturb(world) {
      let request = 0;
      return whileTroubled(world, () => (request++ % 2 === 0 ? 'cut_request' : 'cut_answer'));
    },
  },
  {
    name: 'bucket-slow',
    what: 'the bucket takes 0.3 s for each request, for seconds',
    place: 'bucket',
    disturb: (world) => whileTroubled(world, () => sleep(SLOW_MS, null)),
  },
];

type TroubleOf = NonNullable<World['bucket']>['behaviour']['trouble'];

async function whileTroubled({ bucket }: World, trouble: TroubleOf): Promise<void> {
  if (bucket === null) throw new Error('this world has no bucket');
  bucket.behaviour.trouble = trouble;
  await sleep(AWAY_MS);
  bucket.behaviour.trouble = () => null;
}
