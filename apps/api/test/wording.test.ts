import { estimate, submittedJob } from '@linkhaul/schemas';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, jobOf, postJson, postText, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);
afterEach(() => expect(service.errors).not.toHaveBeenCalled());

const CSV = { 'content-type': 'text/csv' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const urlOf = (query: Record<string, string> = {}) =>
  `${service.url}/v1/jobs?${new URLSearchParams({ endpoint: 'bulk_backlinks', ...query })}`;

describe('a name near one that exists', () => {
  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['of a CSV’s form', { colum: '1' }, CSV, '`column`'],
    ['of a CSV’s form, further off', { idcolumn: '1' }, CSV, '`id_column`'],
    ['of the time to wait', { wait_m: '1' }, {}, '`wait_ms`'],
    ['of metadata’s parent', { metadat: '{}' }, NDJSON, '`metadata`'],
  ])('%s is named', async (_, ...[query, headers, says]) => {
    const { detail, errors = [] } = problemOf(await postText(urlOf(query), 'a.com', headers), 'invalid_request');
    expect(detail).toContain(says);
    expect(errors[0]?.pointer).toBe(Object.keys(query)[0]);
  });

  it('of a target’s object is named, in JSON and in NDJSON', async () => {
    const targets = ['a.com', { target: 'b.com', idd: '1' }];
    const json = problemOf(
      await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets }),
      'invalid_request',
    );
    expect(json.errors).toMatchObject([{ pointer: '/targets/1/idd', message: expect.stringContaining('`id`') }]);
    const lines = targets.map((target) => `${JSON.stringify(target)}\n`).join('');
    const ndjson = problemOf(await postText(urlOf(), lines, NDJSON), 'invalid_request');
    expect(ndjson.errors).toMatchObject([{ line: 2, message: expect.stringContaining('`id`') }]);
    expect(ndjson.detail).toContain('idd');
  });
});

describe('a name that is given twice is refused', () => {
  it.each([
    ['metadata', '{"a":"1","a":"2"}', 'metadata/a'],
    ['metadata', '{"a":"1","\\u0061":"2"}', 'metadata/a'],
    ['params', '{"filters":[["x",{"b":1,"b":2}]]}', 'params/filters/0/1/b'],
    ['webhook', '{"url":"https://a.com","url":"https://b.com"}', 'webhook/url'],
  ])('in %s %s of the query', async (name, text, pointer) => {
    const { errors } = problemOf(await postText(urlOf({ [name]: text }), 'a.com'), 'invalid_request');
    expect(errors).toEqual([{ pointer, code: 'invalid', message: 'is given twice' }]);
  });

  it.each([
    ['POST', 'jobs/{job}/resume', '{"max_cost_usd":1,"max_cost_usd":2}', '/max_cost_usd'],
    ['POST', 'keys', '{"name":"a","scope":"read","scope":"admin"}', '/scope'],
    ['PUT', 'tenants/local', '{"budget_usd":1,"budget_usd":2}', '/budget_usd'],
  ])('in the body of %s %s', async (method, ...[path, body, pointer]) => {
    const { id } = jobOf(await postText(urlOf({ start: 'manual' }), 'a.com'));
    const url = `${service.url}/v1/${path.replace('{job}', id)}`;
    const { errors } = problemOf(await ask(url, { method, body }), 'invalid_request');
    expect(errors).toEqual([{ pointer, code: 'invalid', message: 'is given twice' }]);
  });

  it('but not one that stands in two objects', async () => {
    const params =
      '{"filters":[["page_summary.backlinks",">",1],"and",["page_summary.rank",">",1]],"internal_list_limit":1}';
    const metadata = '{"a":"1","b":"1"}';
    expect(jobOf(await postText(urlOf({ endpoint: 'domain_pages', params, metadata }), 'a.com')).metadata).toEqual({
      a: '1',
      b: '1',
    });
  });
});

describe('a number in the query is one as JSON has it', () => {
  it.each([
    ['1e1', 10],
    ['1.5', 1.5],
    ['25E-1', 2.5],
    ['2', 2],
  ])('%s', async (text, number) => {
    expect(jobOf(await postText(urlOf({ max_cost_usd: text }), 'a.com')).max_cost_usd).toBe(number);
  });
});

describe('what is wrong in the query is answered with what to write', () => {
  it.each<[Record<string, string>, string, RegExp]>([
    [{ max_cost_usd: '.5' }, 'max_cost_usd', /must be a number, such as 0\.5/],
    [{ max_cost_usd: '1e999' }, 'max_cost_usd', /must be a number/],
    [{ max_cost_usd: '' }, 'max_cost_usd', /must be a number/],
    [{ expect_rows: 'abc' }, 'expect_rows', /must be a whole number, such as 1000/],
    [{ expect_rows: '1.5' }, 'expect_rows', /must be a whole number/],
    [{ endpoint: 'domain_pages', max_items_per_target: 'all' }, 'max_items_per_target', /whole number.*or null/],
    [{ keep_www: '1' }, 'keep_www', /must be true or false/],
    [{ column: '1' }, 'column', /goes with Content-Type: text\/csv/],
    [{ deadline: '2030-01-01' }, 'deadline', /RFC 3339.*2030-01-31T12:00:00Z/],
    [{ metadata: '{"":"x"}' }, 'metadata/', /1 to 64 characters/],
    [{ metadata: `{"${'k'.repeat(65)}":"x"}` }, `metadata/${'k'.repeat(65)}`, /1 to 64 characters/],
  ])('%j', async (query, pointer, says) => {
    const { errors = [], detail } = problemOf(await postText(urlOf(query), 'a.com'), 'invalid_request');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.pointer).toBe(pointer);
    expect(detail).toMatch(says);
  });

  it('and so is a form of a CSV list beside JSON', async () => {
    const url = `${service.url}/v1/jobs?column=1`;
    const { detail } = problemOf(await postJson(url, { endpoint: 'bulk_backlinks', targets: [] }), 'invalid_request');
    expect(detail).toContain('text/csv');
  });

  it('and so are limits of a tenant that name nothing', async () => {
    const { detail } = problemOf(
      await ask(`${service.url}/v1/tenants/x`, { method: 'PUT', body: '{}' }),
      'invalid_request',
    );
    expect(detail).toBe('Name one of `budget_usd`, `requests_per_minute`, `weight` and `max_age`.');
  });
});

describe('how a list was read', () => {
  it.each<[string, Record<string, string>, string, number | null, number]>([
    ['a heading', {}, 'domain\na.com\n', 1, 1],
    ['a heading behind a blank line', {}, '\nMy sites\na.com\n', 2, 1],
    ['a column by name', { column: 'site' }, 'site\na.com\n', 1, 1],
    ['a row', {}, 'https://example.com/my page\na.com\n', null, 2],
    ['a row, as is said', { header: 'false' }, 'domain\na.com\n', null, 2],
  ])('is said of the first record of a CSV: %s', async (_, ...[query, body, header, total]) => {
    const submitted = submittedJob.parse(JSON.parse((await postText(urlOf(query), body, CSV)).text));
    expect(submitted.input).toMatchObject({ format: 'csv', header });
    expect(submitted.rows.total).toBe(total);
    const estimated = await postText(urlOf(query).replace('/jobs', '/estimates'), body, CSV);
    expect(estimate.parse(JSON.parse(estimated.text)).input).toEqual(submitted.input);
  });

  it('is said of text, with rows that are invalid or look odd', async () => {
    const body = '# mine\n\na.com\nbad one\nhttps://a.com/?a=1&amp;b=2\n';
    const { input } = submittedJob.parse(JSON.parse((await postText(urlOf(), body)).text));
    expect(input).toMatchObject({ format: 'text', encoding: 'utf-8', separator: null, column: null });
    expect(input).toMatchObject({ lines: 5, blank: 1, comments: 1 });
    expect(input?.invalid_sample).toMatchObject([{ line: 4, input: 'bad one', code: 'whitespace' }]);
    expect(input?.hints).toMatchObject([{ line: 5, code: 'html_entity' }]);
  });

  it('is said of JSON', async () => {
    const answer = await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com', 'a'] });
    const { input } = submittedJob.parse(JSON.parse(answer.text));
    expect(input).toMatchObject({ format: 'json', lines: 2, invalid_sample: [{ line: 2, code: 'single_label' }] });
  });
});

describe('an id', () => {
  const HALF = '\\ud800';

  it('that is not well-formed Unicode is refused', async () => {
    const json = `{"endpoint":"bulk_backlinks","targets":[{"target":"a.com","id":"${HALF}"}]}`;
    const { errors } = problemOf(await postJson(`${service.url}/v1/jobs`, json), 'invalid_request');
    expect(errors).toMatchObject([{ pointer: '/targets/0', message: expect.stringContaining('well-formed Unicode') }]);
    const line = `"a.com"\n{"target":"a.com","id":"x${HALF}"}`;
    const refused = problemOf(await postText(urlOf(), line, NDJSON), 'invalid_request');
    expect(refused.errors).toMatchObject([{ line: 2, message: expect.stringContaining('well-formed Unicode') }]);
  });

  it('that is empty is none, in every form', async () => {
    const targets = [
      { target: 'a.com', id: '' },
      { target: 'b.com', id: '💩' },
    ];
    const submitted = [
      await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets }),
      await postText(urlOf(), targets.map((target) => JSON.stringify(target)).join('\n'), NDJSON),
      await postText(urlOf({ id_column: '2' }), 'a.com,\nb.com,💩\n', CSV),
    ];
    for (const answer of submitted) {
      const { rows } = JSON.parse((await ask(`${service.url}/v1/jobs/${jobOf(answer).id}/rows`)).text);
      expect(rows).toMatchObject([{ id: null }, { id: '💩' }]);
    }
  });
});
