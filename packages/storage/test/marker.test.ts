import { cp, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseWrites } from '@linkhaul/stack';
import { expect, onTestFinished, test } from 'vitest';
import { type Backend, StorageAway } from '../src/index.js';
import { INSTALLATION, newFolder, openFolder } from './backends.js';

const bytes = (text: string) => Buffer.from(text);

interface Place {
  readonly root: string;
  readonly aside: string;
  readonly backend: Backend;
}

/** A storage folder that holds one object, and a path beside it. */
async function openPlace(): Promise<Place> {
  const folder = await newFolder();
  const [root, aside] = [join(folder, 'storage'), join(folder, 'aside')];
  const backend = openFolder(root);
  await backend.claim(INSTALLATION);
  await backend.put('jobs/t/kept', bytes('kept'));
  return { root, aside, backend };
}

/** Each step of a backend, with keys in folders that are there and in new ones. */
const WRITES = {
  'put beside others': (backend) => backend.put('jobs/t/more', bytes('x')),
  'put in a new folder': (backend) => backend.put('jobs/new/more', bytes('x')),
  'put in place of another': (backend) => backend.put('jobs/t/kept', bytes('x')),
  'create beside others': (backend) => backend.create('jobs/t/made', bytes('x')),
  'create in a new folder': (backend) => backend.create('results/new/made', bytes('x')),
  check: (backend) => backend.check(),
} as const satisfies Record<string, (backend: Backend) => Promise<unknown>>;

const READS = {
  'get what is not there': (backend) => backend.get('jobs/t/none'),
  'get what is in no folder': (backend) => backend.get('jobs/none/none'),
  list: (backend) => backend.list('jobs'),
  verify: (backend) => backend.verify(),
} as const satisfies Record<string, (backend: Backend) => Promise<unknown>>;

const STEPS = { ...WRITES, ...READS, remove: (backend: Backend) => backend.remove('jobs') };

/** Ways in which a storage folder is not the one of the installation. Each is undone by putting `aside` back. */
const LOSSES: Record<string, (place: Place) => Promise<void>> = {
  'the folder is gone': async () => undefined,
  'an empty folder stands in its place': async ({ root }) => {
    await mkdir(root);
  },
  'a file stands in its place': ({ root }) => writeFile(root, ''),
  'the folder of another installation stands in its place': async ({ root }) => {
    const other = openFolder(root);
    await other.claim('inst_other');
    await other.put('jobs/t/theirs', bytes('theirs'));
  },
  'the folder stands there without its marker': async ({ root, aside }) => {
    await cp(aside, root, { recursive: true });
    await rm(join(root, 'installation'));
  },
};

const cases = Object.keys(LOSSES).flatMap((loss) => Object.keys(STEPS).map((step) => [loss, step] as const));

test.each(cases)(
  '%s: storage is away for %s, nothing is changed, and all is well once it is back',
  async (loss, step) => {
    const place = await openPlace();
    await rename(place.root, place.aside);
    await LOSSES[loss]?.(place);
    const before = await filesBelow(place.root);

    await expect(STEPS[step as keyof typeof STEPS](place.backend)).rejects.toThrow(StorageAway);
    await expect(place.backend.check()).rejects.toThrow(
      /does not hold this installation's data.*linkhaul storage adopt/,
    );
    expect(await filesBelow(place.root)).toEqual(before);

    await rm(place.root, { recursive: true, force: true });
    await rename(place.aside, place.root);
    expect(await place.backend.get('jobs/t/kept')).toEqual(bytes('kept'));
    expect(await place.backend.get('jobs/t/none')).toBeNull();
    await place.backend.put('jobs/t/more', bytes('more'));
    await place.backend.check();
  },
);

test.each(Object.keys(WRITES))(
  '%s: a folder that takes no writes is storage away, and is read all the same',
  async (step) => {
    const { root, backend } = await openPlace();
    const takeWrites = await refuseWrites(root);
    let undone = false;
    const undo = async () => {
      if (!undone) await takeWrites();
      undone = true;
    };
    onTestFinished(undo);
    const writing = WRITES[step as keyof typeof WRITES];
    await expect(writing(backend)).rejects.toThrow(StorageAway);
    await expect(writing(backend)).rejects.toThrow(/EROFS|EACCES/);
    expect(await backend.get('jobs/t/kept')).toEqual(bytes('kept'));
    expect(await backend.get('jobs/t/none')).toBeNull();
    await undo();
    await writing(backend);
  },
);

test('a part of a path that is a file is storage away, not an object that is absent', async () => {
  const { root, backend } = await openPlace();
  await rename(join(root, 'jobs'), join(root, 'aside'));
  await writeFile(join(root, 'jobs'), '');
  await expect(backend.get('jobs/t/kept')).rejects.toThrow(StorageAway);
  await expect(backend.put('jobs/t/kept', bytes('x'))).rejects.toThrow(/ENOTDIR/);
});

test.runIf(process.platform === 'linux')('what would not lie on the device of the marker is not written', async () => {
  const { root, backend } = await openPlace();
  const elsewhere = await mkdtemp('/dev/shm/storage-');
  onTestFinished(() => rm(elsewhere, { recursive: true }));
  await symlink(elsewhere, join(root, 'results'));
  await expect(backend.put('results/a', bytes('x'))).rejects.toThrow(StorageAway);
  await expect(backend.create('results/t/a', bytes('x'))).rejects.toThrow(/came or went/);
  const left = await readdir(elsewhere, { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile())).toEqual([]);
});

test('nothing is served before it is known for whom, nor when it is not known any more', async () => {
  const { root, backend } = await openPlace();
  const other = openFolder(root);
  for (const step of Object.values(STEPS)) await expect(step(other)).rejects.toThrow(StorageAway);
  other.serve(INSTALLATION);
  expect(await other.list('jobs')).toEqual(['jobs/t/kept']);
  backend.serve(null);
  for (const step of Object.values(STEPS)) await expect(step(backend)).rejects.toThrow(StorageAway);
});

test('a marker is read again when it is another file, though it has the same name', async () => {
  const { root, backend } = await openPlace();
  await backend.verify();
  await rm(join(root, 'installation'));
  await writeFile(join(root, 'installation'), 'inst_other\n');
  await expect(backend.verify()).rejects.toThrow('the marker is inst_other, not inst_test');
  await rm(join(root, 'installation'));
  await writeFile(join(root, 'installation'), `${INSTALLATION}\n`);
  await backend.verify();
});

async function filesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true }).catch(() => [])).toSorted();
}
