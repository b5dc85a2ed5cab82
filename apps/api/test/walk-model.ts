import { ordinalOf, runOf } from '@linkhaul/storage';
import { expect } from 'vitest';
import { ask, jobOf, ndjsonOf, pageOf, pagesOf, postJson } from './http.js';
import type { Service } from './service.js';
import { createWorker, type Settling } from './upstream.js';

const PAGE = 1000;

/** How a target's list goes: items on each page; the last may fail. */
export interface List {
  readonly pages: readonly number[];
  readonly fails: boolean;
}

/** A call as the upstream sees it. */
interface Asked {
  readonly call: number;
  readonly targets: readonly string[];
  /** From 0, within its run. */
  readonly page: number;
  /** Items that the runs before have of the target. */
  readonly from: number;
  /** Nothing goes wrong any more from the second run on. */
  readonly isFirstRun: boolean;
}

/** What is submitted, and what the upstream answers. */
export interface Input {
  readonly endpoint: string;
  readonly targets: readonly string[];
  readonly targetsPerCall: number;
  answerTo(asked: Asked): Settling;
}

/** A job of lists, with `invalid` rows that are no targets. */
export function inputOfLists(lists: readonly List[], invalid: number): Input {
  return {
    endpoint: 'domain_pages',
    // Every third target is asked for twice.
    targets: [
      ...lists.flatMap((_, at) => (at % 3 === 0 ? [`d${at}.com`, `www.d${at}.com`] : [`d${at}.com`])),
      ...Array.from({ length: invalid }, (_, at) => `bad${at}`),
    ],
    targetsPerCall: 1,
    answerTo({ targets: [target = ''], page, from, isFirstRun }) {
      const at = Number(/\d+/.exec(target)?.[0]);
      const { pages, fails } = lists[at] ?? { pages: [1], fails: false };
      return pageOfList(at, firstPage(pages, from) + page, { pages, fails: fails && isFirstRun });
    },
  };
}

/** The page that begins after this number of items. */
function firstPage(pages: readonly number[], items: number): number {
  let page = 0;
  for (let before = 0; before < items; page++) before += pages[page] ?? items;
  return page;
}

/** A job of bulk calls. Some targets spoil their calls, and some calls have parameters that are refused. */
export function inputOfBulk(
  targets: readonly { bad: boolean; refused: boolean; missing: boolean }[],
  targetsPerCall: number,
): Input {
  const names = targets.map((_, at) => `d${at}.com`);
  const find = (asked: readonly string[], what: 'bad' | 'refused' | 'missing') =>
    asked.some((target) => targets[names.indexOf(target)]?.[what]);
  return {
    endpoint: 'bulk_backlinks',
    targets: [...names, 'www.d0.com'],
    targetsPerCall,
    answerTo({ call, targets: asked, isFirstRun }) {
      const message = `40501 ${call}`;
      const failed = {
        kind: 'failed' as const,
        code: 'upstream_rejected' as const,
        itemsSoFar: 0,
        costSoFar: 24_000_000,
        message,
      };
      if (isFirstRun && call * targetsPerCall <= targets.length && find(asked, 'refused')) {
        return { outcome: { ...failed, parameter: true } };
      }
      if (isFirstRun && find(asked, 'bad')) return { outcome: asked.length > 1 ? { kind: 'split', message } : failed };
      return {
        outcome: {
          kind: 'bulk',
          items: asked.map((target, at) => (isFirstRun && find([target], 'missing') ? -2 : asked.length - 1 - at)),
        },
        items: asked.map((target) => ({ target })).reverse(),
      };
    },
  };
}

export type Walked = Awaited<ReturnType<typeof startWalk>>;

/** A job, a worker that settles its calls one by one, and a client that pages through its results meanwhile. */
export async function startWalk(service: Service, { endpoint, targets, targetsPerCall, answerTo }: Input) {
  const everyLine = targets.map((_, at) => at + 1);
  const lists = endpoint === 'domain_pages' && { max_items_per_target: 3 * PAGE };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint, targets, ...lists }));
  const url = `${service.url}/v1/jobs/${id}`;
  const worker = await createWorker(service, { tenant: 'local', id });

  const settle = async (call: number): Promise<void> => {
    const planned = await worker.targetsOf(call);
    const shape = await worker.shape();
    await worker.settle(
      call,
      answerTo({
        call,
        targets: planned.map(({ target }) => target),
        page: ordinalOf(call, shape),
        from: planned[0]?.before?.items ?? 0,
        isFirstRun: runOf(call, shape).base === 0,
      }),
    );
  };

  const read: string[] = [];
  let cursor: string | null = null;
  let done = false;
  const beginAnew = () => {
    read.length = 0;
    cursor = null;
    done = false;
  };
  return {
    /** The client begins its walk again. */
    beginAnew,
    url,
    worker,
    everyLine,
    /** Every line that the client was given so far. */
    read,
    get done() {
      return done;
    },
    settle,
    plan: () => worker.plan(targetsPerCall),
    /** Runs again what failed or was skipped, all of it; false where there is nothing. */
    async retry(): Promise<boolean> {
      await worker.retire();
      const answer = await postJson(`${url}/retry`, { retryable_only: false });
      if (answer.status === 409) return false;
      expect(jobOf(answer)).toMatchObject({ status: 'running', finished_at: null });
      beginAnew();
      return true;
    },
    /** Of a job that had no plan it is the first one. */
    planAgain: async () => {
      await worker.plan(targetsPerCall);
      await worker.planAgain(targetsPerCall);
    },
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
    /** The rows share what every call cost, those that were split too. Lists here say nothing of cost. */
    async checkCost(): Promise<void> {
      const { cost, status } = jobOf(await ask(url));
      if (endpoint !== 'bulk_backlinks' || status !== 'completed') return;
      expect(costOf(await ndjsonOf(url, 'rows'))).toBe(Math.round(cost.spent_usd * 1e9));
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

/** What the rows say that they cost, in nano-dollars. */
function costOf(lines: readonly string[]): number {
  return lines.reduce((sum, text) => {
    const { cost_usd }: { cost_usd: number } = JSON.parse(text);
    return sum + Math.round(cost_usd * 1e9);
  }, 0);
}

function pageOfList(root: number, page: number, { pages, fails }: List): Settling {
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
