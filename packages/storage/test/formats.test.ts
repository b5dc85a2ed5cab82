import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  FORMAT,
  listSnapshots,
  NewerFormat,
  paths,
  readAnswer,
  readPlanPart,
  readRows,
  readSettledAnswer,
  readSnapshot,
  type Snapshot,
  storeAnswer,
  storeSnapshot,
} from '../src/index.js';
import { header, job } from './answer.js';
import { openClaimed } from './backends.js';

const body = Buffer.from('{}');

describe('a stored answer', () => {
  it('says its format, and is read as it was given', async () => {
    const backend = await openClaimed('file');
    await storeAnswer(backend, job, { header, body });
    expect((await backend.get(paths.answer(job, 7, 2)))?.toString('latin1')).toContain(`"v":${FORMAT},"call":7,`);
    expect(await readAnswer(backend, job, header)).toMatchObject({ kind: 'there', answer: { header } });
    const read = await readAnswer(backend, job, header);
    expect(read.kind === 'there' && read.answer.header).toEqual(header);
  });

  it('of a newer format is neither absent nor damaged: nothing is concluded from it', async () => {
    const backend = await openClaimed('file');
    const newer = { ...header, v: FORMAT + 1 };
    await storeAnswer(backend, job, { header: newer, body });
    for (const read of [readAnswer, readSettledAnswer]) {
      const reading = read(backend, job, header);
      await expect(reading).rejects.toBeInstanceOf(NewerFormat);
      await expect(reading).rejects.toThrow(`a stored answer has format ${FORMAT + 1}, `);
    }
  });
});

describe('a part of rows or of a plan', () => {
  it.each([
    ['rows', paths.rows(job, 0), readRows],
    ['plan', paths.plan(job, 0), readPlanPart],
  ])('of %s is refused where its first line names a newer format, or none that is known', async (_name, key, read) => {
    const backend = await openClaimed('file');
    for (const line of [`{"v":${FORMAT + 1}}\n["anything"]`, '{"rows":[]}']) {
      await backend.put(key, gzipSync(line));
      await expect(read(backend, job, 0)).rejects.toBeInstanceOf(NewerFormat);
    }
  });
});

describe('a snapshot', () => {
  const snapshot: Snapshot = {
    v: 3,
    number: 1,
    takenAt: 1,
    era: '',
    entries: [
      { key: 'job:tenant/job_1:usage', type: 'hash', values: ['20788:0a:calls', '1'] },
      { key: 'jobs:tenant', type: 'member', values: ['job_1', '0'] },
    ],
  };
  /** As format 3 has written it: what its dictionary says never changes. */
  const WRITTEN = 'H4sIAAAAAAAAA6tWKlOyMq4FAL+F7bYHAAAAAMOoHJHrRoJVIyThgxOwIRFVo7mFhZVBIva6D1zWwHsz+MsFWBaOrQUA';

  const stored = async (bytes?: Buffer) => {
    const backend = await openClaimed('file');
    await storeSnapshot(backend, job, snapshot, 0);
    const [at] = await listSnapshots(backend);
    if (at === undefined) throw new Error('it is not stored');
    if (bytes !== undefined) await backend.put(at.path, bytes);
    return { backend, at };
  };

  it.each([
    ['as it was given', undefined],
    ['as format 3 has written it', Buffer.from(WRITTEN, 'base64')],
    ['of format 2, which has no dictionary', gzipSync(JSON.stringify({ ...snapshot, v: 2 }))],
  ])('is read %s', async (_, bytes) => {
    const { backend, at } = await stored(bytes);
    expect(await readSnapshot(backend, at)).toMatchObject({ ...snapshot, v: expect.any(Number) });
  });

  it('says to versions that know no dictionary that it is newer than they are', async () => {
    const { backend, at } = await stored();
    const bytes = await backend.get(at.path);
    expect(gunzipSync(bytes ?? '').toString()).toBe('{"v":3}');
  });
});
