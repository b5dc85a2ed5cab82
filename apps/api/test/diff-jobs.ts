import type { EndpointName } from '@linkhaul/schemas';
import { jobOf, postJson } from './http.js';
import type { Service } from './service.js';
import { createWorker, type Settling } from './upstream.js';

/** Backlinks of each target; null: nothing there, undefined: left out by the upstream. */
type Numbers = Readonly<Record<string, number | null | undefined>>;

export async function bulkJob(service: Service, tag: string, numbers: Numbers): Promise<string> {
  const targets = Object.keys(numbers);
  const named = targets.map((target) => ({ target, id: `id of ${target}` }));
  const body = { endpoint: 'bulk_backlinks', tag, targets: [...named, 'nothing', `www.${targets[0]}`] };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
  const worker = await createWorker(service, { tenant: 'local', id });
  await worker.plan(1000);
  await worker.send();
  const places = Object.values(numbers).map((number, at) => (number === null ? -1 : number === undefined ? -2 : at));
  const items = Object.entries(numbers).map(([target, backlinks]) => ({ target, backlinks, new_field: Math.random() }));
  await worker.settle(1, { outcome: { kind: 'bulk', items: places }, items });
  await worker.finish();
  return id;
}

interface List {
  /** The items of domain_pages by their page. */
  readonly pages?: Readonly<Record<string, Record<string, unknown>>>;
  /** The items of another endpoint. */
  readonly items?: readonly Record<string, unknown>[];
  readonly truncated?: boolean;
  readonly fails?: boolean;
}

export async function listJob(
  service: Service,
  tag: string,
  lists: Readonly<Record<string, List>>,
  endpoint: EndpointName = 'domain_pages',
): Promise<string> {
  const targets = Object.keys(lists);
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint, tag, targets }));
  const worker = await createWorker(service, { tenant: 'local', id });
  await worker.plan(1);
  await worker.send();
  for (const [at, list] of Object.values(lists).entries()) await worker.settle(at + 1, answerOf(list));
  await worker.finish();
  return id;
}

function answerOf({ pages = {}, items: given, truncated = false, fails = false }: List): Settling {
  const items = given ?? Object.entries(pages).map(([page, fields]) => ({ page, ...fields }));
  const soFar = { itemsSoFar: items.length, costSoFar: 1 };
  if (fails) return { outcome: { kind: 'failed', code: 'upstream_error', message: '', itemsSoFar: 0, costSoFar: 1 } };
  const status = items.length === 0 ? ('empty' as const) : ('ok' as const);
  const ended = { status, totalCount: null, truncated: truncated ? ('max_items' as const) : null };
  return { outcome: { kind: 'list', offset: 0, items: items.length, ...soFar, ...ended }, items };
}
