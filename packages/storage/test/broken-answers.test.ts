import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packAnswer, unpackAnswer } from '../src/answer-bytes.js';
import {
  type Backend,
  keepBody,
  paths,
  readAnswer,
  readCharge,
  readKeptBody,
  readSettledAnswer,
  storeAnswer,
  storeCharge,
} from '../src/index.js';
import { header, job } from './answer.js';
import { nearNames, openClaimed } from './backends.js';

const body = Buffer.from(
  JSON.stringify({ tasks: Array.from({ length: 50 }, (_, at) => ({ at, text: `number ${at}` })) }),
);
const path = paths.answer(job, header.call, header.attempt);

/** One reading, without those that follow it: thousands of broken bytes are judged here. */
async function unpacked(bytes: Buffer): Promise<'whole' | 'broken'> {
  return (await unpackAnswer(bytes)).kind;
}

const packed = () => packAnswer(header, body);

const flipped = (bytes: Buffer, at: number, bit: number) => {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
  return changed;
};

test('an answer is broken whichever of its bits is flipped, and wherever it is cut', async () => {
  const bytes = await packed();
  expect(await unpacked(bytes)).toBe('whole');
  for (let at = 0; at < bytes.length; at++) {
    expect([at, await unpacked(flipped(bytes, at, at % 8))]).toEqual([at, 'broken']);
    expect([at, await unpacked(bytes.subarray(0, at))]).toEqual([at, 'broken']);
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (any) => {
      expect(await unpacked(Buffer.from(any))).toBe('broken');
      expect(await unpacked(Buffer.concat([bytes, Buffer.from(any), Buffer.of(0)]))).toBe('broken');
    }),
  );
});

test('a body that came compressed is stored as it came, and read as what it holds', async () => {
  const backend = await openClaimed('file');
  const came = gzipSync(body, { level: 9 });
  await storeAnswer(backend, job, { header, body, packed: came });
  const bytes = (await backend.get(path)) ?? Buffer.alloc(0);
  expect(bytes.subarray(-came.length)).toEqual(came);
  expect(bytes.subarray(-came.length - 1, -came.length)).toEqual(Buffer.from('\n'));
  const found = await readAnswer(backend, job, header);
  expect(found.kind === 'there' && found.answer.header).toEqual(header);
  expect(found.kind === 'there' && (await found.answer.body())).toEqual(body);
  expect(await unpacked(flipped(bytes, bytes.length - 9, 3))).toBe('broken');
});

describe.each(nearNames)('on the %s backend', (name) => {
  const open = () => openClaimed(name);

  const stored = async (): Promise<{ backend: Backend; bytes: Buffer }> => {
    const backend = await open();
    await storeAnswer(backend, job, { header, body });
    return { backend, bytes: (await backend.get(path)) ?? expect.fail('nothing was stored') };
  };

  test('broken bytes are a result, with the header where that is whole', async () => {
    const { backend, bytes } = await stored();
    const whole = { kind: 'damaged', header };
    const nothing = { kind: 'damaged', header: null };
    const cases: [Buffer, object][] = [
      [bytes.subarray(0, bytes.length - 8), whole],
      [flipped(bytes, bytes.length - 20, 3), whole],
      [flipped(bytes, 60, 0), nothing],
      [bytes.subarray(0, 60), nothing],
      [Buffer.alloc(0), nothing],
    ];
    for (const [changed, expected] of cases) {
      await backend.put(path, changed);
      expect(await readAnswer(backend, job, header)).toEqual(expected);
      expect(await readSettledAnswer(backend, job, header)).toEqual(expected);
    }
  });

  test('an answer under the name of another attempt is not that one’s', async () => {
    const { backend, bytes } = await stored();
    await backend.put(paths.answer(job, 8, 1), bytes);
    expect(await readAnswer(backend, job, { call: 8, attempt: 1 })).toEqual({ kind: 'damaged', header: null });
  });

  test('a missing answer is absent, and of a settled call damaged', async () => {
    const { backend } = await stored();
    await backend.remove(paths.job(job));
    expect(await readAnswer(backend, job, header)).toEqual({ kind: 'absent' });
    expect(await readSettledAnswer(backend, job, header)).toEqual({ kind: 'damaged', header: null });
  });

  test('bytes that are right again at the third reading are right', async () => {
    const { backend, bytes } = await stored();
    for (const faults of [
      [null, null],
      [Buffer.alloc(0), bytes.subarray(9)],
    ]) {
      const rest = [...faults];
      const get: Backend['get'] = async (key) => (rest.length > 0 ? (rest.shift() ?? null) : backend.get(key));
      expect(await readSettledAnswer({ ...backend, get }, job, header)).toMatchObject({
        kind: 'there',
        answer: { header },
      });
    }
  });

  test('storage that fails, or does not serve as a whole, says nothing of an answer', async () => {
    const { backend } = await stored();
    const fails = () => Promise.reject(Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' }));
    await expect(readSettledAnswer({ ...backend, get: fails }, job, header)).rejects.toThrow('EIO');
    const away = { ...backend, get: async () => null, verify: fails };
    await expect(readSettledAnswer(away, job, header)).rejects.toThrow('EIO');
    expect(await readAnswer(away, job, header)).toEqual({ kind: 'absent' });
  });

  test('answers of versions that wrote no checksums stay readable, and their bodies have gzip’s', async () => {
    const { backend } = await stored();
    const old = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), gzipSync(body)]);
    await backend.put(path, old);
    const found = await readAnswer(backend, job, header);
    expect(found).toMatchObject({ kind: 'there', answer: { header } });
    if (found.kind === 'there') expect(await found.answer.body()).toEqual(body);
    await backend.put(path, flipped(old, old.length - 30, 2));
    expect(await readAnswer(backend, job, header)).toEqual({ kind: 'damaged', header });
    await backend.put(path, old.subarray(0, 30));
    expect(await readAnswer(backend, job, header)).toEqual({ kind: 'damaged', header: null });
  });
});

test('a charge and a kept body that are broken count as none', async () => {
  const backend = await openClaimed('file');
  const at = { job, call: header.call, attempt: header.attempt };
  await storeCharge(backend, at, { cost: 7, taskId: null });
  await keepBody(backend, at, { body, packed: null });
  const second = { ...at, attempt: at.attempt + 1 };
  await keepBody(backend, second, { body: null, packed: gzipSync(body) });
  expect(await readKeptBody(backend, second)).toEqual(body);
  expect(await readCharge(backend, at)).toEqual({ cost: 7, taskId: null });
  expect(await readKeptBody(backend, at)).toEqual(body);
  for (const broken of ['', '{"cost":7,', 'null', '{}', '{"cost":"7"}']) {
    await backend.put(paths.charge(job, at.call, at.attempt), Buffer.from(broken));
    expect([broken, await readCharge(backend, at)]).toEqual([broken, null]);
    await backend.put(paths.keptBody(job, at.call, at.attempt), Buffer.from(broken));
    expect([broken, await readKeptBody(backend, at)]).toEqual([broken, null]);
  }
});
