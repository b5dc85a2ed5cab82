import { estimateLists, type JobRecord, type ListLengths, type Prices } from '@linkhaul/jobs';
import { readRowStates, START } from '@linkhaul/results';
import { type Nanos, type PagedEndpoint, type Row, row, type Submission } from '@linkhaul/schemas';
import type { Services } from '../../services.js';

const DEFAULT_TAG = 'estimate';

/** The probe: an ordinary job, with permit, ledger and budget, that buys one item for each target. */
export function probeOf({ webhook: _, ...submission }: Submission): Submission {
  return {
    ...submission,
    tag: submission.tag ?? DEFAULT_TAG,
    max_items_per_target: 1,
    on_budget: 'finish',
    start: 'auto',
    on_overlap: 'allow',
  };
}

interface Priced {
  readonly endpoint: PagedEndpoint;
  readonly prices: Prices;
  readonly maxItemsPerTarget: number | null;
}

interface Learnt {
  readonly estimate: ReturnType<typeof estimateLists>;
  /** The least cost if every row were bought, duplicates included. */
  readonly inInputOrder: Nanos;
  /** Rows whose lists have a known length, or a known lower bound of it. */
  readonly rows: number;
}

/** Estimates the lists by the lengths that the probe has found so far. */
export async function learn(job: JobRecord, priced: Priced, services: Services): Promise<Learnt> {
  const all = new Map<string, Counted>();
  for await (const { lines } of readRowStates(job, START, services)) {
    for (const line of lines) count(row.parse(line), priced, all);
  }
  const counted = [...all.values()];
  const sizes = { itemsPerCall: priced.endpoint.maxLimit, prices: priced.prices };
  const distinct = counted.map(({ targets, least, most }) => ({ rows: targets, least, most }));
  return {
    estimate: estimateLists(distinct, sizes),
    inInputOrder: estimateLists(counted, sizes).low,
    rows: counted.reduce((sum, { rows, isLearnt }) => sum + (isLearnt ? rows : 0), 0),
  };
}

/** Rows with lists of the same length. */
interface Counted extends ListLengths {
  rows: number;
  /** Rows, duplicates not counted. */
  targets: number;
  readonly isLearnt: boolean;
}

function count(line: Row, priced: Priced, all: Map<string, Counted>): void {
  if (line.status === 'invalid') return;
  const length = lengthOf(line, priced);
  const key = `${length.least} ${length.most}`;
  const same = all.get(key) ?? { rows: 0, targets: 0, ...length };
  all.set(key, same);
  same.rows++;
  if (line.duplicate_of === null) same.targets++;
}

/** If `total_count` counts something other than items, it is only a lower bound for the number of items. */
function lengthOf(
  line: Row,
  { endpoint, maxItemsPerTarget: most }: Priced,
): Pick<Counted, 'least' | 'most' | 'isLearnt'> {
  if (line.status === 'empty') return { least: 1, most: 1, isLearnt: true };
  if (line.status !== 'ok' || line.total_count === null) return { least: 1, most, isLearnt: false };
  const least = Math.max(1, Math.min(line.total_count, most ?? Number.POSITIVE_INFINITY));
  return { least, most: endpoint.totalCountsItems ? least : most, isLearnt: true };
}
