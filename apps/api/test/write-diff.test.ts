import { buffer } from 'node:stream/consumers';
import type { Diff } from '@linkhaul/results';
import { CHANGES } from '@linkhaul/schemas';
import { describe, expect, it } from 'vitest';
import { DIFF_JSON, DIFF_NDJSON, type DiffForm, diffCsv } from '../src/diff/forms.js';
import { writeDiff } from '../src/diff/write-diff.js';

const counts: Diff['counts'] = { new: 1, lost: 0, changed: 0, same: 0, unknown: 0, removed: 0 };
const change = {
  key: { target: 'a.com' },
  id: null,
  line: 1,
  input: 'a.com',
  change: 'new',
  before: null,
  after: null,
  delta: null,
};
const CSV = diffCsv({ keys: ['target'], fields: [], options: { spreadsheet: false } });
const summaryOf = (diff: Diff) => ({
  tag: 't',
  endpoint: 'bulk_backlinks' as const,
  base_job: 'job_1',
  job: 'job_2',
  fields: [],
  counts: diff.counts,
});

/** A difference that is made when something of its answer was read. */
function awaited() {
  let closed = 0;
  let make = () => {};
  const diff: Diff = {
    counts,
    async *lines() {
      yield [JSON.stringify(change)];
    },
    close: async () => void closed++,
  };
  const made = new Promise<Diff>((resolve) => {
    make = () => resolve(diff);
  });
  return { made, make: () => make(), closed: () => closed };
}

async function written(form: DiffForm): Promise<{ text: string; closed: number }> {
  const { made, make, closed } = awaited();
  const pieces = writeDiff({ made, form, summaryOf });
  const first = await pieces.next();
  make();
  const rest = await buffer(
    (async function* () {
      for await (const { bytes } of pieces) yield bytes;
    })(),
  );
  return { text: `${first.value?.bytes}${rest}`, closed: closed() };
}

describe('a difference that takes long', () => {
  it('begins before its counts are known, and is JSON all the same', async () => {
    const { text, closed } = await written(DIFF_JSON);
    expect(text).toMatch(/^ +\{/);
    expect(JSON.parse(text)).toMatchObject({ counts, changes: [change], next_cursor: null });
    expect(closed).toBe(1);
  });

  it('has its summary on the first line of NDJSON', async () => {
    const lines = (await written(DIFF_NDJSON)).text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ counts }), change]);
  });

  it('begins with the header of CSV', async () => {
    expect((await written(CSV)).text).toBe('target,id,line,input,change\r\na.com,,1,a.com,new\r\n');
  });

  it('fails where its making fails, and is closed where nobody reads on', async () => {
    const failing = writeDiff({ made: Promise.reject(new Error('away')), form: CSV, summaryOf });
    await failing.next();
    await expect(failing.next()).rejects.toThrow('away');
    const { made, make, closed } = awaited();
    make();
    const left = writeDiff({ made, form: DIFF_JSON, summaryOf });
    await left.next();
    await left.return(undefined);
    expect(closed()).toBe(1);
    expect(CHANGES).toEqual(Object.keys(counts));
  });
});
