import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { normaliseTarget } from '@linkhaul/schemas';
import { parseStorageUrl, readInvalidRows, readRows, type ValidRow, writeRows } from '@linkhaul/storage';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { createAdmission } from '../src/submit/admission/admission.js';
import { JOB_FIELDS, parseFields } from '../src/submit/fields/fields.js';
import { takeIn } from '../src/submit/intake.js';
import { sourceOf } from '../src/submit/json/rows-of-json.js';
import { decodeText } from '../src/submit/list/decode.js';
import { createNdjsonReader } from '../src/submit/list/ndjson-rows.js';
import { readList } from '../src/submit/list/read-list.js';
import { createReport } from '../src/submit/list/report.js';
import type { InputRow, RowSource } from '../src/submit/submission.js';
import { inPieces } from './lists.js';

const submission = parseFields({ endpoint: 'bulk_pages_summary' }, JOB_FIELDS, { source: 'query', purpose: 'job' });
const rules = { as: submission.target_as, keepWww: submission.keep_www, acceptsPages: true };

let folder = '';
let jobs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-intake-'));
});
afterAll(() => rm(folder, { recursive: true }));

const row = fc.record({
  input: fc.oneof(
    fc.constantFrom(
      'a.com',
      'A.com',
      'www.a.com',
      'http://a.com/',
      'http://a.com',
      'http://b.a.com/x',
      'https://A.com/',
      'b.a.com',
      'B.a.COM',
      'bücher.de',
    ),
    fc.constantFrom(
      '',
      'a',
      'a b',
      '"',
      '\\',
      '\ud800.com',
      'http://a.com/é',
      'http://a.com/"',
      `a.com/${'x'.repeat(2100)}`,
    ),
    fc.string({ maxLength: 8 }),
  ),
  id: fc.oneof(
    fc.constantFrom(null, '', '7', '/q', 'a "b"', '\\', 'é', '\n', '\u2028', 'x'.repeat(255), 'é'.repeat(255)),
    fc.string({ maxLength: 8 }),
  ),
});

/** What the rows come to one by one, as texts. */
function expectedOf(rows: readonly InputRow[]) {
  const firsts = new Map<string, number>();
  const valid: ValidRow[] = [];
  const invalid: unknown[] = [];
  for (const { line, input, id } of rows) {
    const normalised = normaliseTarget(input, rules);
    if (!normalised.ok) {
      // Of a long text the beginning is kept.
      invalid.push({ line, input: input.slice(0, 2048), id, code: normalised.code });
      continue;
    }
    const { target, kind } = normalised;
    valid.push({ line, input, id, target, kind, duplicateOf: firsts.get(target) ?? null });
    if (!firsts.has(target)) firsts.set(target, line);
  }
  return { valid, invalid, targets: firsts.size };
}

async function store(rows: RowSource) {
  const storage = parseStorageUrl(pathToFileURL(folder).href)?.open({
    address: { kind: 'server', url: '' },
    prefix: '',
  });
  if (storage === undefined) throw new Error('no storage');
  await storage.claim('inst_test');
  const job = { tenant: 'tenant', id: `job_${jobs++}` };
  const options = {
    writer: writeRows(storage, job),
    submission,
    source: 'query',
    maxRows: 100,
    report: createReport(),
  } as const;
  const { rowParts, invalidParts, targets } = await takeIn(rows, options);
  const valid = rowParts === 0 ? [] : await readRows(storage, job, 0);
  return { valid, invalid: invalidParts === 0 ? [] : await readInvalidRows(storage, job, 0), targets };
}

test('rows are stored alike, whether they come at once or as a list, and as they are one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (all) => {
      // No text is no id, in whatever form it comes.
      const rows = all.map(({ input, id }, at) => ({ line: at + 1, input, id: id || null }));
      const body = all.map(({ input, id }) => JSON.stringify(id === null ? input : { id, target: input })).join('\n');
      const expected = expectedOf(rows);
      expect(
        await store(sourceOf(rows, createAdmission({ perTenant: 1 }).of('alpha', new AbortController().signal))),
      ).toEqual(expected);
      const asList: RowSource = (sink) =>
        readList(decodeText(inPieces(Buffer.from(body), [9, 90]), { charset: null }), createNdjsonReader(sink), sink);
      expect(await store(asList)).toEqual(expected);
    }),
    { numRuns: tries(12) },
  );
});
