import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { chromiumPath, openBrowser, openTab } from '../dashboard/browser.js';
import { domains, startWorld, type World } from '../harness.js';

const LINES = 1_000_000;
/** The line whose target is the last by name. */
const LAST_BY_NAME = 999_999;
/** They take less than half of it; as objects they would take some gigabytes. */
const MOST_HEAP_BYTES = 150_000_000;

interface AnyJson {
  readonly [name: string]: unknown;
}

/** The service as it is, but for one job, whose results are a million lines like its first one. */
async function openLongJob(world: World, id: string): Promise<string> {
  const get = async (path: string) => (await (await fetch(world.apiUrl + path)).json()) as AnyJson;
  const job = await get(`/v1/jobs/${id}`);
  const { results } = await get(`/v1/jobs/${id}/results?limit=1`);
  const [first] = results as [AnyJson & { data: AnyJson }];
  const lineAt = (line: number) => ({
    ...{ ...first, line, input: `site-${line}.com`, target: `site-${line}.com` },
    data: { ...first.data, target: `site-${line}.com`, backlinks: (line * 7919) % LINES },
  });
  const pageAt = (query: URLSearchParams) => {
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(LINES, from + Number(query.get('limit') ?? 100));
    const page = Array.from({ length: to - from }, (_, at) => lineAt(from + at + 1));
    return { results: page, next_cursor: to === LINES ? null : String(to), done: to === LINES };
  };
  const rows = { total: LINES, pending: 0, ok: LINES, empty: 0, failed: 0, invalid: 0, skipped: 0 };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', world.apiUrl);
    const answer = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (pathname === `/v1/jobs/${id}/results`) answer(pageAt(searchParams));
    else if (pathname === `/v1/jobs/${id}`) answer({ ...job, rows, items: LINES });
    else void passOn(request, response, world.apiUrl);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function passOn(request: IncomingMessage, response: ServerResponse, to: string): Promise<void> {
  const over = new AbortController();
  response.once('close', () => over.abort());
  const headers = { accept: request.headers.accept ?? '*/*', 'accept-encoding': 'identity' };
  const answer = await fetch(to + request.url, { headers, signal: over.signal }).catch(() => null);
  if (answer === null) return void response.destroy();
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) response.end();
  else
    Readable.fromWeb(answer.body)
      .on('error', () => response.destroy())
      .pipe(response);
}

async function heapOf(page: Page): Promise<number> {
  const debuggee = await page.context().newCDPSession(page);
  await debuggee.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = await debuggee.send('Runtime.getHeapUsage');
  return usedSize + backingStorageSize;
}

describe.skipIf(chromiumPath === '')('results of a million lines', () => {
  let world: World;
  let browser: Browser;

  beforeAll(async () => {
    [world, browser] = await Promise.all([startWorld(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  it('are scrolled to the end, sorted and searched within memory', async () => {
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, domains(1));
    await world.client.waitFor(id);
    const { page, errors } = await openTab(browser, `${await openLongJob(world, id)}/jobs/${id}?tab=results`);
    const table = page.getByRole('table', { name: 'Results' });
    const rowOf = (line: number) => page.getByRole('button', { name: `site-${line}.com`, exact: true });
    await rowOf(1).waitFor();
    await page.getByRole('button', { name: 'Load all' }).click();
    // Only the test's own time ends what takes minutes on a busy machine.
    page.setDefaultTimeout(0);
    await page.getByText('1,000,000 lines', { exact: true }).waitFor();
    await table.press('End');
    await rowOf(LINES).waitFor();
    expect(await table.getByRole('row').count()).toBeLessThan(200);
    expect(await heapOf(page)).toBeLessThan(MOST_HEAP_BYTES);
    await page.getByRole('button', { name: 'Target', exact: true }).click();
    await page.getByText('Sorted among 1,000,000 lines').waitFor();
    // To be clicked, the head was scrolled into view.
    await table.press('End');
    await rowOf(LAST_BY_NAME).waitFor();
    await page.getByRole('searchbox').fill('SITE-77777');
    await page.getByText('11 match, sorted, among 1,000,000 lines').waitFor();
    await table.press('Home');
    await rowOf(77_777).waitFor();
    expect(errors).toEqual([]);
  }, 1_800_000);
});
