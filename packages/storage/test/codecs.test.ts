import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slowTries } from '../../../e2e/env.js';
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
  type RowText,
  readAnswer,
  readInvalidRows,
  readPlanLines,
  readPlanPart,
  readRowPart,
  readRows,
  readSettledAnswer,
  rowsOfLines,
  rowTexts,
  storeAnswer,
  type ValidRow,
  writePlan,
  writeRows,
} from '../src/index.js';
import { putBytes } from '../src/parts.js';
import { encodeRow } from '../src/row-lines.js';
import { nearNames, openClaimed } from './backends.js';

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

test('a row is encoded as JSON, whatever its texts hold', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
  fc.assert(
    fc.property(text, text, text, (target, input, id) => {
      const given = row(1, { target, input, id });
      expect(JSON.parse(encodeRow(given))).toEqual([1, target, 0, input === target ? 0 : input, id, null]);
    }),
  );
});

interface AnyTarget extends Pick<PlannedTarget, 'target' | 'kind'> {
  readonly before: PlannedTarget['before'] | null;
  readonly rows: readonly (readonly [input: string | null, id: string | null])[];
}

/** Targets whose rows have these lines, in order; a row without an input has its target's. */
function plannedOf(targets: readonly AnyTarget[], lines: readonly number[]): PlannedTarget[] {
  const left = [...lines];
  return targets.map(({ target, kind, rows, before }) => {
    const [first = expect.fail(), ...others] = rows.map(([input, id]) => {
      return { line: left.pop() ?? expect.fail(), input: input ?? target, id };
    });
    return { target, kind, rows: [first, ...others], ...(before && { before }) };
  });
}

function rowsOfCall(targets: readonly PlannedTarget[]) {
  const rows = targets.flatMap(({ target, rows: [first, ...others] }, position) => [
    { ...first, target, position, duplicateOf: null },
    ...others.map((row) => ({ ...row, target, position, duplicateOf: first.line })),
  ]);
  return rows.sort((a, b) => a.line - b.line);
}

function parsedText({ line, position, duplicateOf, ...texts }: RowText) {
  const [target, input, id] = [texts.target, texts.input, texts.id].map((text) =>
    JSON.parse(Buffer.from(text, 'latin1').toString('utf8')),
  );
  return { line, input, id, target, position, duplicateOf };
}

const NO_NUMBERS = { domain: -1, alike: 0 };

/** A backend of which every write after the first fails, and is slow to do so. */
const none = () => Promise.reject(new Error('not asked for'));
const NOT_ASKED_FOR: Omit<Backend, 'put'> = {
  create: none,
  get: none,
  getRange: none,
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

test('a write that fails stops the next rows, and nothing is under way when the writer has stopped', async () => {
  const { backend, underWay } = failing();
  const writer = writeRows(backend, job);
  const writeAll = async () => {
    for (let line = 1; line <= 100_000; line++) await writer.valid(row(line), NO_NUMBERS);
  };
  await expect(writeAll()).rejects.toThrow('the disk is full');
  await writer.idle();
  expect(underWay()).toBe(0);
  await expect(writer.finish()).rejects.toThrow('the disk is full');
});

describe.each(nearNames)('on the %s backend', (name) => {
  const open = () => openClaimed(name);

  test('rows come back in order, ten thousand to a part, the invalid ones apart', async () => {
    const backend = await open();
    const rows = Array.from({ length: 10_001 }, (_, at) => row(at * 2 + 1));
    const writer = writeRows(backend, job);
    for (const valid of rows) await writer.valid(valid, NO_NUMBERS);
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
    for (let line = 1; line <= 10_000; line++) await full.valid(row(line), NO_NUMBERS);
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
        for (const valid of rows) await writer.valid(valid, NO_NUMBERS);
        await writer.finish();
        expect(await readRows(backend, job, 0)).toEqual(rows);
      }),
      { numRuns: slowTries(25) },
    );
  });

  test('what is known of the targets of rows comes back beside them', async () => {
    const backend = await open();
    const one = fc.record({ domain: fc.nat(2 ** 31 - 1), alike: fc.oneof(fc.constant(0), fc.nat(2 ** 31 - 1)) });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 20 }), fc.boolean(), async (some, counted) => {
        const all = some.map(({ domain, alike }) => ({ domain: counted ? domain : -1, alike }));
        const writer = writeRows(backend, job);
        for (const [at, numbers] of all.entries()) await writer.valid(row(at + 1), numbers);
        await writer.finish();
        const { lines, numbers } = await readRowPart(backend, job, 0);
        expect(rowsOfLines(lines)).toEqual(all.map((_, at) => row(at + 1)));
        expect(all.map((_, at) => ({ domain: numbers?.domainOf(at), alike: numbers?.alikeOf(at) }))).toEqual(all);
      }),
      { numRuns: slowTries(25) },
    );
  });

  test('rows of an earlier release, of which nothing more is known, are read', async () => {
    const backend = await open();
    const rows = [row(1), row(2, { input: 'A2.com', id: 'x' }), row(3, { duplicateOf: 1 })];
    await putBytes(backend, paths.rows(job, 0), Buffer.from(rows.map(encodeRow).join('\n')));
    expect(await readRows(backend, job, 0)).toEqual(rows);
    expect((await readRowPart(backend, job, 0)).numbers).toBeNull();
  });

  test('long rows fill a part before ten thousand have come', async () => {
    const backend = await open();
    const input = 'ü'.repeat(30_000);
    const writer = writeRows(backend, job);
    for (let line = 1; line <= 100; line++) await writer.valid(row(line, { input }), { domain: line, alike: line - 1 });
    const { rowParts } = await writer.finish();
    expect(rowParts).toBe(3);
    const parts = await Promise.all([0, 1, 2].map((part) => readRows(backend, job, part)));
    expect(parts.flat()).toEqual(Array.from({ length: 100 }, (_, at) => row(at + 1, { input })));
    const { numbers } = await readRowPart(backend, job, 2);
    expect(numbers?.domainOf((parts[2]?.length ?? 0) - 1)).toBe(100);
  });

  test('of an invalid row the beginning is kept, in whole characters', async () => {
    const backend = await open();
    const writer = writeRows(backend, job);
    const inputs = ['x'.repeat(2048), `${'x'.repeat(2047)}é`, '💩'.repeat(600), 'é\n'.repeat(1_000_000)];
    for (const [at, input] of inputs.entries())
      await writer.invalid({ line: at + 1, input, id: null, code: 'malformed' });
    await writer.finish();
    const kept = (await readInvalidRows(backend, job, 0)).map((read) => read.input);
    expect(kept).toEqual(['x'.repeat(2048), 'x'.repeat(2047), '💩'.repeat(512), `${'é\n'.repeat(682)}é`]);
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

  test('the texts of a planned call are those of its rows, by line', async () => {
    const backend = await open();
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\\"', '[1,"', '{}', 'é,]\n'));
    const target = fc.record({
      target: text,
      kind: fc.constantFrom('domain' as const, 'page' as const),
      rows: fc.array(fc.tuple(fc.option(text), fc.option(text)), { minLength: 1, maxLength: 3 }),
      before: fc.option(fc.record({ items: fc.nat(), cost: fc.nat() })),
    });
    const lines = fc.uniqueArray(fc.integer({ min: 1 }), { minLength: 12, maxLength: 12 });
    const written = fc.array(fc.tuple(fc.array(target, { minLength: 1, maxLength: 4 }), lines), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(written, async (some) => {
        const calls = some.map((call) => plannedOf(...call));
        await writePlan(backend, job, { calls, callsPerPart: 1000 });
        const stored = await readPlanLines(backend, job, 0);
        expect(stored.map((line) => rowTexts(line).map(parsedText))).toEqual(calls.map(rowsOfCall));
      }),
      { numRuns: slowTries(100) },
    );
  });

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
