import type { Row } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ask, jobOf, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;
beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

interface Sent {
  readonly type: string;
  readonly body: string;
  readonly query?: string;
}

const sending = ({ type, body }: Sent) => ({ method: 'POST', headers: { 'content-type': type }, body });

async function rowsOf(sent: Sent): Promise<Row[]> {
  const query = sent.type === 'application/json' ? '' : `?endpoint=domain_intersection&start=manual${sent.query ?? ''}`;
  const { id } = jobOf(await ask(`${service.url}/v1/jobs${query}`, sending(sent)));
  const { text } = await ask(`${service.url}/v1/jobs/${id}/rows?format=json`);
  return z.object({ rows: z.array(z.custom<Row>()) }).parse(JSON.parse(text)).rows;
}

const json = (targets: unknown, endpoint = 'domain_intersection'): Sent => ({
  type: 'application/json',
  body: JSON.stringify({ endpoint, start: 'manual', targets }),
});

const NORMAL = 'a.com https://b.com/x -c.com -d.com';

describe('a set of targets', () => {
  it.each<[string, Sent]>([
    ['text', { type: 'text/plain', body: 'www.a.com\t https://B.com/x  -d.com -c.com\n' }],
    [
      'CSV',
      {
        type: 'text/csv',
        body: 'A title\nno,exclude_2,target_1,target_2,exclude_1\n7,c.com,www.a.com,https://B.com/x,-d.com\n',
        query: '&id_column=no',
      },
    ],
    [
      'tabs',
      {
        type: 'text/tab-separated-values',
        body: 'target_1\ttarget_2\texclude_1\texclude_2\na.com\thttps://b.com/x\tc.com\td.com\n',
      },
    ],
    ['JSON', json([['a.com', 'https://b.com/x', '-d.com', '-c.com']])],
    ['JSON with ids', json([{ target: ['a.com', 'https://b.com/x', '-d.com', '-c.com'], id: '7' }])],
    ['JSON as text', json(['a.com https://b.com/x -d.com -c.com'])],
    ['NDJSON', { type: 'application/x-ndjson', body: '["a.com", "https://b.com/x", "-d.com", "-c.com"]\n' }],
    [
      'NDJSON with ids',
      {
        type: 'application/x-ndjson',
        body: '{"id": "7", "target": ["a.com", "https://b.com/x", "-d.com", "-c.com"]}\n',
      },
    ],
  ])('as %s is one target, with its excluded members sorted', async (_, sent) => {
    expect(await rowsOf(sent)).toMatchObject([{ target: NORMAL, target_kind: 'set', error: null }]);
  });

  it('comes twice in the same order, and is another in another', async () => {
    const rows = await rowsOf({
      type: 'text/plain',
      body: 'a.com b.com -c.com\na.com -c.com b.com\nb.com a.com -c.com\n',
    });
    expect(rows.map(({ duplicate_of }) => duplicate_of)).toEqual([null, 1, null]);
  });

  it.each<[string, Sent, string]>([
    ['a cell with white space', { type: 'text/csv', body: 'target_1,target_2\na.com,b.com c.com\n' }, 'whitespace'],
    ['a member with white space', json([['a.com', 'b.com c.com']]), 'whitespace'],
    ['too many targets', json([Array.from({ length: 21 }, (_, at) => `s${at}.com`)]), 'too_many_targets'],
    [
      'too many excluded ones',
      json([['a.com', ...Array.from({ length: 11 }, (_, at) => `-s${at}.com`)]]),
      'too_many_exclusions',
    ],
    ['excluded ones alone', json([['-a.com']]), 'no_target_in_set'],
    ['a target twice', json([['a.com', 'A.com']]), 'repeated_target'],
  ])('is an invalid row with %s', async (_, sent, code) => {
    expect(await rowsOf(sent)).toMatchObject([{ status: 'invalid', error: { code } }]);
  });

  it('of pages is not odd, unless one of them is', async () => {
    const body = 'https://a.com/ https://b.com/\nhttps://a.com/?x=1&amp;y=2 https://b.com/\n';
    const answer = await ask(
      `${service.url}/v1/jobs?endpoint=page_intersection&start=manual`,
      sending({ type: 'text/plain', body }),
    );
    const hint = z.object({ line: z.number(), code: z.string() });
    const { input } = z.object({ input: z.object({ hints: z.array(hint) }) }).parse(JSON.parse(answer.text));
    expect(input.hints).toEqual([{ line: 2, code: 'html_entity' }]);
  });

  it('is refused by an endpoint that takes none', async () => {
    for (const endpoint of ['bulk_backlinks', 'anchors', 'summary']) {
      const refused = problemOf(
        await ask(`${service.url}/v1/jobs`, sending(json(['a.com', ['a.com', 'b.com']], endpoint))),
        'invalid_request',
      );
      expect(refused.errors).toMatchObject([{ line: 2, code: 'set_not_taken' }]);
      expect(refused.detail).toContain('domain_intersection and page_intersection');
    }
  });

  it('has its columns by name alone', async () => {
    const csv = { type: 'text/csv', body: 'a.com,b.com\n' };
    const url = `${service.url}/v1/jobs?endpoint=page_intersection`;
    expect(problemOf(await ask(url, sending(csv)), 'invalid_request').detail).toContain('`target_1`');
    expect(problemOf(await ask(`${url}&column=2`, sending(csv)), 'invalid_request').detail).toMatch(
      /^column: .*target_1/,
    );
  });

  it('names the field of a target by its number', async () => {
    const filtered = (field: string) =>
      ask(`${service.url}/v1/jobs`, {
        ...sending(json([])),
        body: JSON.stringify({
          endpoint: 'domain_intersection',
          start: 'manual',
          targets: [['a.com', 'b.com']],
          params: { filters: [field, '>', 1] },
        }),
      });
    expect(jobOf(await filtered('2.backlinks')).params).toEqual({ filters: ['2.backlinks', '>', 1] });
    expect(problemOf(await filtered('backlinks'), 'invalid_request').detail).toContain('`1.backlinks`');
    problemOf(await filtered('21.backlinks'), 'invalid_request');
  });
});
