import { planCalls } from '@linkhaul/jobs';
import { type BulkEndpoint, ENDPOINTS, registrableDomain } from '@linkhaul/schemas';
import { table } from '../figures.js';
import { LISTS, type MoneyList } from './lists.js';

/** Published prices, in dollars. */
const CALL_USD = 0.024;
const ITEM_USD = 0.000036;
const MIB = 2 ** 20;

/** The cost of a list that is cut into calls in one particular way. */
interface Bill {
  readonly calls: number;
  readonly items: number;
}

/** For several lists: the cost of our plan, of chunks in input order, and the lowest possible cost. */
export async function benchPacking(say: (line: string) => void): Promise<Record<string, string>[]> {
  const rows: string[][] = [];
  for (const list of LISTS) {
    for (const endpoint of [ENDPOINTS.bulk_pages_summary, ENDPOINTS.bulk_backlinks]) {
      const { planned, figures } = await billsOf(list, endpoint);
      rows.push([`${list.name} · ${endpoint.name}`, ...figures]);
      say(timeRow(`${list.name} · ${endpoint.name}`, planned));
    }
  }
  say('');
  const heading = [
    'list · endpoint',
    'rows',
    'targets',
    'least calls',
    'ours',
    'in order',
    'least $',
    'ours $',
    'in order $',
    'saved',
  ];
  for (const line of table([heading, ...rows])) say(line);
  for (const note of NOTES) say(note);
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

interface Planned {
  readonly calls: number;
  readonly ms: number;
  readonly grownMib: number;
}

async function billsOf(list: MoneyList, endpoint: BulkEndpoint): Promise<{ planned: Planned; figures: string[] }> {
  const rows = list.targets();
  const targets = [...new Set(rows)];
  const planned = await timePlan(endpoint, targets);
  const inOrder = { calls: callsInOrder(rows, endpoint), items: rows.length };
  const ours = { calls: planned.calls, items: targets.length };
  const least = { calls: leastCalls(targets, endpoint), items: targets.length };
  const saved = 1 - dollars(ours) / dollars(inOrder);
  const counts = [rows.length, targets.length, least.calls, ours.calls, inOrder.calls].map((count) =>
    count.toLocaleString('en-US'),
  );
  const money = [least, ours, inOrder].map((bill) => dollars(bill).toFixed(2));
  return { planned, figures: [...counts, ...money, `${(100 * saved).toFixed(1)} %`] };
}

function dollars({ calls, items }: Bill): number {
  return calls * CALL_USD + items * ITEM_USD;
}

/** The memory is the largest growth of the process, measured between the slices of the planning. */
async function timePlan(endpoint: BulkEndpoint, targets: readonly string[]): Promise<Planned> {
  const held = () => process.memoryUsage.rss();
  const before = held();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, held());
  }, 5);
  const start = performance.now();
  try {
    const { length: calls } = await planCalls(endpoint, targets);
    const ms = performance.now() - start;
    return { calls, ms, grownMib: (Math.max(most, held()) - before) / MIB };
  } finally {
    clearInterval(watch);
  }
}

function timeRow(name: string, planned: Planned): string {
  return `${name}: planned in ${(planned.ms / 1000).toFixed(2)} s, ${planned.grownMib.toFixed(0)} MiB more held`;
}

/** The simplest way: begin a new call whenever the last one has its most targets or domains. Duplicates are bought again. */
function callsInOrder(rows: readonly string[], { maxTargets, maxDomains }: BulkEndpoint): number {
  let calls = 0;
  let held = maxTargets;
  const domains = new Set<string>();
  for (const row of rows) {
    const domain = maxDomains === null ? '' : registrableDomain(row);
    if (held === maxTargets || (domains.size === maxDomains && !domains.has(domain))) {
      calls++;
      held = 0;
      domains.clear();
    }
    held++;
    domains.add(domain);
  }
  return calls;
}

/** A lower bound for any plan: every call has its most targets, or its most domains. */
function leastCalls(targets: readonly string[], { maxTargets, maxDomains }: BulkEndpoint): number {
  const byTargets = Math.ceil(targets.length / maxTargets);
  if (maxDomains === null) return byTargets;
  const pages = new Map<string, number>();
  for (const target of targets) {
    const domain = registrableDomain(target);
    pages.set(domain, (pages.get(domain) ?? 0) + 1);
  }
  const pieces = [...pages.values()].reduce((sum, count) => sum + Math.ceil(count / maxTargets), 0);
  return Math.max(byTargets, Math.ceil(pieces / maxDomains));
}

const NOTES = [
  '',
  'in order: a new call at the 1,001st target or the 101st domain, duplicates bought again. least: max(targets / 1,000, P / 100),',
  'P being the sum over domains of pages / 1,000, each rounded up; targets / 1,000 for bulk_backlinks. saved: ours against in order.',
];
