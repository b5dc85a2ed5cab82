import { type Period, today } from '@linkhaul/schemas';
import { z } from 'zod';
import { tierDomainOf } from './domain-tier.js';
import { linksBy } from './link-groups.js';
import type { ListOptions } from './options.js';
import { type Scope, scopeOf } from './scope.js';
import type { SingleAnswer } from './single.js';
import { spanParams, spansOf } from './spans.js';

/** How an endpoint is answered that shows a target at several times. */
interface Series {
  readonly functionId: string;
  /** The first day by default. */
  readonly since: string;
  readonly periods: (from: string, to: string, options: ListOptions) => Period[];
  /** Selects a row for each period by its number, `n`. It may use `periods` and `spans`. */
  readonly rows: (scope: Scope) => string;
  /** The fields of an item's JSON object, in terms of the columns of `page`, a row of `rows`. */
  readonly item: string;
  /** Fields of the answer after its dates. */
  readonly head?: (options: ListOptions) => Readonly<Record<string, string>>;
  /** The answer for an unknown target: nothing, or items of zeros. */
  readonly unknown: 'nothing' | 'zeros';
}

const found = z.object({ items: z.string().nullable(), count: z.number() });

/** The scope of a target that is not in the graph. */
const NOWHERE: Scope = { onLinks: 'false', onPages: 'false', params: {} };

export function seriesAnswer(series: Series): SingleAnswer {
  return {
    functionId: series.functionId,
    async answer(graph, { target, options }) {
      const [from, to] = [options.dateFrom ?? series.since, options.dateTo ?? today()];
      const ever = { target, options: { ...options, status: 'all' as const } };
      const known = await scopeOf(graph, ever);
      const isNothing = async () => series.unknown === 'nothing' || (await tierDomainOf(graph, target)) !== null;
      if (known === null && (await isNothing())) return { kind: 'unknown' };
      const scope = known ?? NOWHERE;
      const sql = `WITH ${spansOf(linksBy('0', scope, ever, 'true'))}
        SELECT count(*)::INTEGER AS count, string_agg(to_json({${series.item}})::VARCHAR, ',' ORDER BY n) AS items
        FROM (${series.rows(scope)}) page`;
      const params = { ...scope.params, ...spanParams(series.periods(from, to, options)) };
      const row = await graph.slow.row(sql, params, found);
      const head = {
        target: target.given,
        date_from: midnight(from),
        date_to: midnight(to),
        ...series.head?.(options),
      };
      return { kind: 'found', answer: { head, items: row?.items ?? null, count: row?.count ?? 0 } };
    },
  };
}

function midnight(day: string): string {
  return `${day} 00:00:00 +00:00`;
}
