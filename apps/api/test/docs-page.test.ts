import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPage } from '../src/docs/page.js';
import { createDocument } from '../src/openapi/document.js';
import { ROUTES } from '../src/routes/index.js';
import { ask, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

describe('GET /docs', () => {
  const page = createPage(createDocument(ROUTES));

  it('loads nothing, and lets only its own style and script in', async () => {
    const { headers, text } = await ask(`${service.url}/docs`);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(text).not.toMatch(/<(link|img|iframe)\b|\ssrc=|<[^>]*\s(on\w+|style)=|href="https?:/);
  });

  it('shows every operation, example and schema, and has no link that leads nowhere', () => {
    const ids = [...page.text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, anchor] of page.text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(anchor);
    for (const { id, examples } of ROUTES.flatMap((group) => group.routes)) {
      expect(ids).toContain(id);
      for (const { title } of examples)
        expect(page.text).toContain(`<figcaption><span>${title.replaceAll("'", '&#39;')}`);
    }
    for (const name of Object.keys(createDocument(ROUTES).components?.schemas ?? {}))
      expect(ids).toContain(`schema-${name}`);
  });

  it('shows what may be one of several', () => {
    const [, event] = /id="schema-WebhookEvent">(.*?)<\/article>/s.exec(page.text) ?? [];
    expect(event).toContain(
      '<a href="#schema-JobEvent">JobEvent</a> or <a href="#schema-AccountEvent">AccountEvent</a>',
    );
    expect(page.text).toContain('scope <code>submit</code>');
  });

  it('escapes what it is given', () => {
    const document = createDocument(ROUTES);
    const info = { ...document.info, title: `<i a="b" c='d'>&` };
    expect(createPage({ ...document, info }).text).toContain('<h1>&lt;i a=&quot;b&quot; c=&#39;d&#39;&gt;&amp; ');
  });
});

describe('who looks around, without a key', () => {
  let keyed: Service;

  beforeAll(async () => {
    keyed = await starter.start({ LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant' });
  });

  it.each(['/openapi.json', '/docs'])('reads %s', async (path) => {
    expect((await ask(`${keyed.url}${path}`)).status).toBe(200);
  });

  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 302],
    ['application/json, text/html;q=0.5', 200],
    ['*/*', 200],
    ['', 200],
  ])('comes from / to the documentation, asking for "%s"', async (accept, status) => {
    const answer = await fetch(keyed.url, { headers: { accept }, redirect: 'manual' });
    expect([answer.status, answer.headers.get('vary')]).toEqual([status, 'Accept']);
    if (status === 302) expect(answer.headers.get('location')).toBe('/docs');
    else expect(await answer.json()).toEqual({ docs: '/docs', openapi: '/openapi.json' });
  });

  it.each(['/dashboard', '/swagger', '/api-docs', '/redoc', '/v1', '/v1/', '/v2', '/v2/jobs'])(
    'is told at %s where the documentation is',
    async (path) => {
      const { detail } = problemOf(await ask(`${keyed.url}${path}`), 'not_found');
      expect(detail).toBe(
        `There is no GET ${path}. /docs is the documentation, /openapi.json is the same for programs.`,
      );
    },
  );
});

describe('both', () => {
  it.each(['/openapi.json', '/docs'])('%s is sent once, and then known by its tag', async (path) => {
    const first = await ask(`${service.url}${path}`);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const again = await ask(`${service.url}${path}`, { headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers.get('etag')).toBe(etag);
    expect((await ask(`${service.url}${path}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    expect(await ask(`${service.url}${path}`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });
});
