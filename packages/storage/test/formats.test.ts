import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  FORMAT,
  NewerFormat,
  paths,
  readAnswer,
  readPlanPart,
  readRows,
  readSettledAnswer,
  storeAnswer,
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
