import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { builtApp } from '@linkhaul/stack';
import { describe, expect, it } from 'vitest';
import { test } from '../harness.js';

const MOST_SCRIPT_BYTES = 120_000;

/** All scripts that the page may load. A folder that was built in several times has others too. */
async function scriptsOf(page: URL): Promise<string[]> {
  const scripts = new Map<string, string>();
  const readFrom = async (text: string): Promise<void> => {
    for (const [name] of text.matchAll(/[\w-]+-[\w-]{8}\.js\b/g)) {
      if (scripts.has(name)) continue;
      const script = await readFile(new URL(`assets/${name}`, page), 'utf8');
      scripts.set(name, script);
      await readFrom(script);
    }
  };
  await readFrom(await readFile(new URL('index.html', page), 'utf8'));
  return [...scripts.values()];
}

describe('the page’s files', () => {
  it('are less than 120 kB of script in all, compressed', async () => {
    const sizes = (await scriptsOf(new URL('./page/', `file://${builtApp('api')}`))).map(
      (text) => gzipSync(text).length,
    );
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_SCRIPT_BYTES);
  });

  test('are for browsers; a program gets what it got before', async ({ open }) => {
    const { apiUrl } = await open({}, 0);
    const get = (path: string, accept: string) => fetch(apiUrl + path, { headers: { accept } });
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
    for (const path of ['/', '/jobs/job_1', '/new', '/tags/a%2Fb', '/watches', '/service']) {
      const page = await get(path, browser);
      expect([page.status, page.headers.get('content-type')], path).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(await (await get('/', '*/*')).json()).toEqual({ docs: '/docs', openapi: '/openapi.json' });
    expect((await get('/jobs/job_1', '*/*')).status).toBe(404);
    expect((await get('/v1/nothing', browser)).headers.get('content-type')).toBe('application/problem+json');
    const html = await (await get('/', browser)).text();
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(html) ?? [];
    const asset = await get(script, '*/*');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
    const again = await fetch(`${apiUrl}/`, {
      headers: { accept: browser, 'if-none-match': (await get('/', browser)).headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });
});
