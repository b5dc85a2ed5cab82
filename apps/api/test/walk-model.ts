import { rootOf } from '@linkhaul/storage';
import { expect } from 'vitest';
import { ask, jobOf, ndjsonOf, pageOf, pagesOf, postJson } from './http.js';
import type { Service } from './service.js';
import { createWorker, type Settling } from './upstream.js';

const PAGE = 1000;

/** How a target's list goes: items on each page; the last may fail. */
interface List {
  readonly pages: readonly number[];
  readonly fails: boolean;
}

export interface Input {
  readonly lists: readonly List[];
  /** Rows that are no targets. */
  readonly invalid: number;
}

export type Walked = Awaited<ReturnType<typeof startWalk>>;

/** A job of lists, a worker that settles its calls one by one, and a client that pages through its results meanwhile. */
export async function startWalk(service: Service, { lists, invalid }: Input) {
  // Every third target is asked for twice.
  const targets = [
    ...lists.flatMap((_, at) => (at % 3 === 0 ? [`d${at}.com`, `www.d${at}.com`] : [`d${at}.com`])),
    ...Array.from({ length: invalid }, (_, at) => `bad${at}`),
  ];
  const everyLine = targets.map((_, at) => at + 1);
  const submitted = { endpoint: 'domain_pages', max_items_per_target: 3 * PAGE, targets };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, submitted));
  const url = `${service.url}/v1/jobs/${id}`;
  const worker = await createWorker(service, { tenant: 'local', id });

  const settle = async (call: number): Promise<void> => {
    const root = rootOf(call, { roots: lists.length, callsPerPart: PAGE });
    const list = lists[root - 1] ?? { pages: [1], fails: false };
    await worker.settle(call, answerTo(root, (call - root) / lists.length, list));
  };

  const read: string[] = [];
  let cursor: string | null = null;
  let done = false;
  return {
    url,
    worker,
    everyLine,
    /** Every line that the client was given so far. */
    read,
    get done() {
      return done;
    },
    settle,
    /** Settles one of the calls that are on their way. */
    async settleAny(pick: number): Promise<void> {
      const sending = await worker.send();
      const call = sending[pick % sending.length];
      if (call !== undefined) await settle(call);
    },
    async readOn(limit: number): Promise<void> {
      if (done) return;
      const page = await pageOf(url, 'results', { limit: String(limit), ...(cursor !== null && { cursor }) });
      expect(page.lines.length).toBeLessThanOrEqual(limit);
      read.push(...page.lines);
      cursor = page.next;
      done = page.done ?? false;
    },
    /** Every input line stands in the rows once, and their outcomes are what the job counts. */
    async checkRows(limit: number): Promise<void> {
      const { rows } = jobOf(await ask(url));
      for (const lines of [await pagesOf(url, 'rows', { limit: String(limit) }), await ndjsonOf(url, 'rows')]) {
        expect(lines.map(lineOf).sort((a, b) => a - b)).toEqual(everyLine);
        expect(talliesOf(lines)).toEqual({ ...rows, total: lines.length });
      }
    },
  };
}

function answerTo(root: number, page: number, { pages, fails }: List): Settling {
  const isLast = page === pages.length - 1;
  const before = pages.slice(0, page).reduce((sum, items) => sum + items, 0);
  if (isLast && fails) {
    return { outcome: { kind: 'failed', code: 'upstream_error', message: '', itemsSoFar: before, costSoFar: 0 } };
  }
  const items = Array.from({ length: pages[page] ?? 0 }, (_, at) => ({ page: `${root}/${page}/${at}` }));
  const counts = { offset: before, items: items.length, itemsSoFar: before + items.length };
  const ended = { status: isLast ? ('ok' as const) : null, truncated: null };
  return { outcome: { kind: 'list', ...counts, totalCount: null, costSoFar: 0, ...ended }, items };
}

export function lineOf(text: string): number {
  const { line }: { line: number } = JSON.parse(text);
  return line;
}

function talliesOf(lines: readonly string[]): Record<string, number> {
  const tallies = { total: 0, pending: 0, ok: 0, empty: 0, failed: 0, invalid: 0, skipped: 0 };
  for (const text of lines) {
    const { status }: { status: keyof typeof tallies } = JSON.parse(text);
    tallies[status]++;
    tallies.total++;
  }
  return tallies;
}
