import type { DomainTier, GraphOrigin } from '@linkhaul/schemas';
import type { PartHead } from '../part.js';
import type { Part } from '../part-files.js';

/** What a graph of some parts says of its sources. */
export function originOf(
  parts: readonly Part[],
  { pages, tier }: { readonly pages: number; readonly tier: DomainTier | null },
): GraphOrigin {
  const heads = parts.map(({ head }) => head);
  const forms = [...new Set(heads.map(({ source }) => source.form))].toSorted();
  const isGenerated = forms.includes('generated');
  const kind = !isGenerated ? 'imported' : forms.length === 1 ? 'generated' : 'both';
  const sources = forms.map((form) => ({ form, ...sumOf(heads.filter(({ source }) => source.form === form)) }));
  return { kind, sources, fetched_pages: pages, domain_tier: tier };
}

function sumOf(heads: readonly PartHead[]) {
  const sum = (count: 'pages' | 'links' | 'edges') => heads.reduce((total, { counts }) => total + counts[count], 0);
  const first = heads.flatMap(({ first_date }) => first_date ?? []).toSorted();
  const last = heads.flatMap(({ last_date }) => last_date ?? []).toSorted();
  return {
    files: heads.length,
    pages: sum('pages'),
    links: sum('links'),
    edges: sum('edges'),
    first_date: first[0] ?? null,
    last_date: last.at(-1) ?? null,
  };
}
