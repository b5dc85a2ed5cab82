import { planCalls } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';

export const ROWS = 1_000_000;
const PAGES_A_DOMAIN = 20;

export const BULK = ['bulk_pages_summary', 'bulk_backlinks'] as const;
export type BulkName = (typeof BULK)[number];

/** A million different targets: hosts, or twenty pages of each domain for endpoints that limit domains. */
export function targetsFor(endpoint: BulkName): string[] {
  return Array.from({ length: ROWS }, (_, at) =>
    endpoint === 'bulk_backlinks'
      ? `site-${at + 1}.com`
      : `https://site-${Math.floor(at / PAGES_A_DOMAIN) + 1}.com/section/page-${at % PAGES_A_DOMAIN}`,
  );
}

/** The targets of each call in the plan of such a list. */
export async function callsFor(endpoint: BulkName): Promise<string[][]> {
  const targets = targetsFor(endpoint);
  const packed = await planCalls(endpointOf(endpoint), targets);
  return Array.from({ length: packed.length }, (_, call) =>
    [...packed.positions(call)].map((position) => targets[position] ?? ''),
  );
}
