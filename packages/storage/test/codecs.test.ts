import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Answer,
  type AnswerHeader,
  type Backend,
  CALLS_PER_PART,
  firstPartOf,
  type InvalidRow,
  MissingObject,
  type PlannedTarget,
  paths,
  type ReadAnswer,
  readAnswer,
  readInvalidRows,
  readPlanPart,
  readRowBytes,
  readRows,
  readSettledAnswer,
  storeAnswer,
  type ValidRow,
  writePlan,
  writeRows,
} from '../src/index.js';
import { encodeRow } from '../src/row-lines.js';
import { BACKENDS, backendNames } from './backends.js';

const job = { tenant: 'tenant', id: 'job_1' };

function row(line: number, overrides: Partial<ValidRow> = {}): ValidRow {
  return {
    line,
    input: `a${line}.com`,
    id: null,
    target: `a${line}.com`,
    kind: 'domain',
    duplicateOf: null,
    ...overrides,
  };
}

async function thereOf(reading: Promise<ReadAnswer>): Promise<Answer> {
  const found = await reading;
  return found.kind === 'there' ? found.answer : expect.fail(found.kind);
}

/** Where the texts of a plain row stand; its target, where it is the text's end, within that. */
function plainPlaces(input: string, { id, target, isEnd }: { id: string | null; target: string; isEnd: boolean }) {
  const bytes = Buffer.from(`x${input}y${id ?? ''}z`);
  const to = 1 + input.length;
  const idPlace = id === null ? { idFrom: -1, idTo: -1 } : { idFrom: to + 1, idTo: bytes.length - 1 };
  const within = { target: bytes, targetFrom: to - target.length, targetTo: to };
  const elsewhere = { target: Buffer.from(`x${target}y`), targetFrom: 1, targetTo: 1 + target.length };
  return { bytes, from: 1, to, ...idPlace, ...(isEnd ? within : elsewhere) };
}

/** A backend of which every write after the first fails, and is slow to do so. */
const none = () => Promise.reject(new Error('not asked for'));
const NOT_ASKED_FOR: Omit<Backend, 'put'> = {
  create: none,
  get: none,
  list: none,
  remove: none,
  owner: none,
  claim: none,
  serve: () => undefined,
  verify: none,
  check: none,
  close: none,
};

function failing(): { backend: Backend; underWay: () => number } {
  let writes = 0;
  let underWay = 0;
  const put = async () => {
    underWay++;
    const fails = ++writes > 1;
    await new Promise((resolve) => setImmediate(resolve));
    underWay--;
    if (fails) throw new Error('the disk is full');
  };
  return {
    backend: { ...NOT_ASKED_FOR, put },
    underWay: () => underWay,
  };
}

test('a write that fails stops the next rows, and nothing is under way when the writer is at rest', async () => {
  const { backend, underWay } = failing();
  const writer = writeRows(backend, job);
  const writeAll = async () => {
    for (let line = 1; line <= 100_000; line++) await writer.valid(row(line));
  };
  await expect(writeAll()).rejects.toThrow('the disk is full');
  await writer.atRest();
  expect(underWay()).toBe(0);
  await expect(writer.finish()).rejects.toThrow('the disk is full');
});

describe.each(backendNames)('on the %s backend', (name) => {
  const open = BACKENDS[name];

  test('rows come back in order, ten thousand to a part, the invalid ones apart', async () => {
    const backend = await open();
    const rows = Array.from({ length: 10_001 }, (_, at) => row(at * 2 + 1));
    const writer = writeRows(backend, job);
    for (const valid of rows) await writer.valid(valid);
    const invalid: InvalidRow = { line: 2, input: 'no "host"\n', id: 'x', code: 'malformed' };
    await writer.invalid(invalid);
    expect(await writer.finish()).toEqual({ rowParts: 2, invalidParts: 1 });
    const [first, second] = [await readRows(backend, job, 0), await readRows(backend, job, 1)];
    expect([first.length, second.length]).toEqual([10_000, 1]);
    expect([...first, ...second]).toEqual(rows);
    expect(await readInvalidRows(backend, job, 0)).toEqual([invalid]);
  });

  test('a job whose rows fill a part exactly has no empty one; without rows it has none', async () => {
    const backend = await open();
    const full = writeRows(backend, job);
    for (let line = 1; line <= 10_000; line++) await full.valid(row(line));
    expect(await full.finish()).toEqual({ rowParts: 1, invalidParts: 0 });
    expect(await writeRows(backend, { ...job, id: 'job_2' }).finish()).toEqual({ rowParts: 0, invalidParts: 0 });
    await expect(readRows(backend, job, 1)).rejects.toThrow(MissingObject);
  });

  test('any text in a row comes back', async () => {
    const backend = await open();
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const some = fc.record({ input: text, id: fc.option(text), target: text, duplicateOf: fc.option(fc.nat()) });
    await fc.assert(
      fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 20 }), async (all) => {
        const rows = all.map((overrides, at) => row(at + 1, overrides));
        const writer = writeRows(backend, job);
        for (const valid of rows) await writer.valid(valid);
        await writer.finish();
        expect(await readRows(backend, job, 0)).toEqual(rows);
      }),
      { numRuns: 25 },
    );
  });

  test('a plain row is stored to the byte as one that was looked at', async () => {
    const backend = await open();
    const ascii = fc.stringMatching(/^[ !#-[\]-~]{1,300}$/);
    const some = fc.record({
      input: ascii,
      skipped: fc.nat(10),
      other: fc.option(fc.stringMatching(/^[!#-[\]-~]{1,300}$/)),
      line: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      id: fc.option(fc.string({ unit: fc.constantFrom('a', '9', ' ', 'é', '💩', '\u2028', '\x7f'), maxLength: 255 })),
      kind: fc.constantFrom('domain' as const, 'subdomain' as const, 'page' as const),
      duplicateOf: fc.option(fc.integer({ min: 1, max: 2 ** 31 - 1 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 20 }), async (all) => {
        const writer = writeRows(backend, job);
        const rows: ValidRow[] = [];
        for (const { skipped, other, ...rest } of all) {
          const { input, id } = rest;
          const end = input.slice(Math.min(skipped, input.length - 1));
          const target = other === null || other === input ? end : other;
          await writer.plain({ ...rest, ...plainPlaces(input, { id, target, isEnd: target === end }) });
          rows.push({ ...rest, target });
          // One of the other kind between them.
          await writer.valid({ ...rest, input: 'é', target: 'a.com' });
          rows.push({ ...rest, input: 'é', target: 'a.com' });
        }
        await writer.finish();
        expect(await readRows(backend, job, 0)).toEqual(rows);
        expect(await readRowBytes(backend, job, 0)).toEqual(Buffer.from(rows.map(encodeRow).join('\n')));
      }),
      { numRuns: 25 },
    );
  });

  test('rows that do not fit a buffer come back too', async () => {
    const backend = await open();
    const input = 'x'.repeat(60_000);
    const writer = writeRows(backend, job);
    const bytes = Buffer.from(input);
    const text = { bytes, from: 0, to: bytes.length, idFrom: -1, idTo: -1 };
    const target = { target: bytes, targetFrom: 1, targetTo: bytes.length };
    for (let line = 1; line <= 30; line++) {
      await writer.plain({ line, ...text, ...target, kind: 'page', duplicateOf: null });
    }
    await writer.finish();
    const rows = await readRows(backend, job, 0);
    expect(rows).toHaveLength(30);
    expect(rows.every((read) => read.input === input && read.target === input.slice(1))).toBe(true);
  });

  test.each(['bulk', 'list'] as const)(
    'a plan of %s calls comes back part by part, the same when written again',
    async (kind) => {
      const backend = await open();
      const callsPerPart = CALLS_PER_PART[kind];
      const calls = Array.from({ length: kind === 'bulk' ? 3 : 2001 }, (_, at): PlannedTarget[] => [
        { target: `a${at}.com`, kind: 'domain', rows: [{ line: at + 1, input: `A${at}.com`, id: null }] },
      ]);
      expect(await writePlan(backend, job, { calls, callsPerPart })).toBe(calls.length);
      const written = await backend.get(paths.plan(job, 0));
      expect(await writePlan(backend, job, { calls, callsPerPart })).toBe(calls.length);
      expect(await backend.get(paths.plan(job, 0))).toEqual(written);
      const parts = [
        await readPlanPart(backend, job, 0),
        await readPlanPart(backend, job, 1),
        await readPlanPart(backend, job, 2),
      ];
      expect(parts.map((part) => part.length)).toEqual(kind === 'bulk' ? [1, 1, 1] : [1000, 1000, 1]);
      expect(parts.flat()).toEqual(calls);
      expect(await backend.list(paths.job(job))).toHaveLength(3);
    },
  );

  test('the plan of a further run stands beside the first, and says what its targets have from before', async () => {
    const backend = await open();
    const row = { line: 1, input: 'A.com', id: null };
    const rows = [row, { ...row, line: 3, id: 'x' }] as const;
    const first: PlannedTarget[] = [{ target: 'a.com', kind: 'domain', rows }];
    const again: PlannedTarget[] = [
      { target: 'a.com', kind: 'domain', rows, before: { items: 1000, cost: 60_000_001 } },
      { target: 'b.com', kind: 'domain', rows: [{ line: 2, input: 'b.com', id: null }] },
    ];
    await writePlan(backend, job, { calls: [first], callsPerPart: 1 });
    await writePlan(backend, job, { calls: [again, first], callsPerPart: 1, run: 2 });
    const part = firstPartOf(2);
    expect([await readPlanPart(backend, job, part), await readPlanPart(backend, job, part + 1)]).toEqual([
      [again],
      [first],
    ]);
    expect(await readPlanPart(backend, job, 0)).toEqual([first]);
  });

  test('an answer is a header and its body; the first one written stays', async () => {
    const backend = await open();
    const header: AnswerHeader = {
      call: 1234,
      attempt: 2,
      failures: 1,
      worker: 'w_1',
      sentAt: 1_790_000_000_000,
      answeredAt: 1_790_000_000_900,
      httpStatus: 200,
      statusCode: 20000,
      taskId: 'über\n"task"',
      cost: 24_036_000,
      simulated: false,
      outcome: { kind: 'bulk', items: [0, -1, -2] },
    };
    const body = Buffer.from([0x0a, 0x00, 0xff, 0x0a, 0x7b]);
    expect(await readAnswer(backend, job, header)).toEqual({ kind: 'absent' });
    expect(await storeAnswer(backend, job, { header, body })).toBe(true);
    expect(await storeAnswer(backend, job, { header: { ...header, cost: 1 }, body: Buffer.alloc(0) })).toBe(false);
    const answer = await thereOf(readAnswer(backend, job, header));
    expect(answer.header).toEqual(header);
    expect(await answer.body()).toEqual(body);
    expect(await readAnswer(backend, job, { call: 1234, attempt: 1 })).toEqual({ kind: 'absent' });
    const empty = { ...header, call: 1 };
    await storeAnswer(backend, job, { header: empty, body: Buffer.alloc(0) });
    expect(await (await thereOf(readSettledAnswer(backend, job, empty))).body()).toEqual(Buffer.alloc(0));
  });
});
