import { ALL_OPERATORS } from '@linkhaul/schemas';
import type { Bindings } from '../filters/bindings.js';
import { compileFilter } from '../filters/compile.js';
import { areExpressions } from '../filters/patterns.js';
import type { Graph } from '../graph/open.js';
import { LINK_FIELDS } from './link-fields.js';

/** The SQL condition on `links` for `backlinks_filters`. Null if the filters are invalid. */
export async function compileLinkFilter(graph: Graph, given: unknown, bindings: Bindings): Promise<string | null> {
  const before = bindings.patterns.length;
  const filter = compileFilter(given, { table: LINK_FIELDS, operators: ALL_OPERATORS, bindings });
  return filter !== null && (await areExpressions(graph.slow, bindings.patterns.slice(before))) ? filter : null;
}
