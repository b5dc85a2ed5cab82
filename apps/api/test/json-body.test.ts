import { expect, test } from 'vitest';
import { ApiProblem } from '../src/problem.js';
import { JOB_FIELDS, parseFields } from '../src/submit/fields/fields.js';
import { readJsonBody } from '../src/submit/json/json-body.js';
import { decodeText } from '../src/submit/list/decode.js';
import { inPieces } from './lists.js';

test('every character of a string is kept, wherever the body is cut', async () => {
  const submission = {
    endpoint: 'bulk_backlinks',
    tag: 't\ufeff1',
    metadata: { k: '\ufeffv' },
    targets: [{ target: 'a.com', id: '\ufeffx' }, { target: 'b.com', id: '😀é漢\ufeffz\ue0001\\' }, '\ufeffc.com'],
  };
  const raw = JSON.stringify(submission);
  for (const text of [
    raw,
    raw.replace(/[\ufeff\ue000]/g, (char) => (char === '\ufeff' ? '\\uFEFF' : '\\uE000')),
    `\ufeff${raw}`,
  ]) {
    const body = Buffer.from(text);
    for (let cut = 1; cut < body.length; cut++) {
      const { fields, rows } = await readJsonBody(decodeText(inPieces(body, [cut]), { charset: null }), JOB_FIELDS);
      const { endpoint, tag, metadata } = submission;
      expect(fields).toEqual({ endpoint, tag, metadata });
      expect(rows).toEqual([
        { line: 1, input: 'a.com', id: '\ufeffx' },
        { line: 2, input: 'b.com', id: '😀é漢\ufeffz\ue0001\\' },
        { line: 3, input: '\ufeffc.com', id: null },
      ]);
    }
  }
});

test('a value that a closed set does not have is answered with the one that was probably meant', () => {
  const refusalOf = (fields: Record<string, unknown>) => {
    try {
      return parseFields(fields, JOB_FIELDS, { source: 'json', purpose: 'job' });
    } catch (error) {
      return error instanceof ApiProblem ? error.message : error;
    }
  };
  expect(refusalOf({ endpoint: 'bulk_backlink' })).toMatch(
    /^\/endpoint: did you mean `bulk_backlinks`\? .*"bulk_ranks"/,
  );
  expect(refusalOf({ endpoint: 'bulk_backlinks', on_invalid: 'rejct' })).toMatch(/did you mean `reject`\?/);
  expect(refusalOf({ endpoint: 'links of today' })).not.toContain('did you mean');
});
