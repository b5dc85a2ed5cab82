import type { Value } from './fields.js';
import { compareTexts, fieldsOfLink, grouped, scaledRank } from './metrics.js';
import type { Link } from './world.js';

export type Item = { readonly [name: string]: Value };

export interface LinkTask {
  readonly mode?: string;
  readonly custom_mode?: { readonly field: string; readonly value: number };
  readonly rank_scale?: string;
}

const KEYWORDS = ['3', '10', '100'].map((top): [string, null] => [`page_from_keywords_count_top_${top}`, null]);

/** The pages that some links come from, each with the link of it that was seen last. */
export function linkItems(links: readonly Link[], task: LinkTask): Item[] {
  const items = [...grouped(links, ({ source }) => source).values()].map((ofPage): Item => {
    const [first] = ofPage.toSorted(
      (a, b) =>
        compareTexts(b.row.last_seen, a.row.last_seen) ||
        a.row.link_id - b.row.link_id ||
        (a.row.via_page ?? -1) - (b.row.via_page ?? -1),
    );
    return first === undefined ? {} : { ...itemOf(first, task), links_count: ofPage.length };
  });
  const field = groupField(task);
  const sizes = new Map<Value, number>();
  for (const item of field === null ? [] : items) {
    const value = valueIn(item, field);
    sizes.set(value, (sizes.get(value) ?? 0) + Number(item.links_count));
  }
  return items.map((item) => ({ ...item, group_count: sizes.get(valueIn(item, field)) ?? 0 }));
}

/** Of the items with one value of the field that the mode names only the first few. */
export function firstsOf(items: readonly Item[], task: LinkTask): Item[] {
  const field = groupField(task);
  if (field === null) return [...items];
  const most = task.custom_mode?.value ?? 1;
  const seen = new Map<Value, number>();
  return items.filter((item) => {
    const value = valueIn(item, field);
    const before = seen.get(value) ?? 0;
    seen.set(value, before + 1);
    return before < most;
  });
}

function valueIn(item: Item, field: string | null): Value {
  return field === null ? null : (item[field] ?? null);
}

function groupField({ mode, custom_mode }: LinkTask): string | null {
  if (custom_mode) return custom_mode.field;
  if (mode === 'one_per_domain') return 'domain_from';
  return mode === 'one_per_anchor' ? 'anchor' : null;
}

function itemOf(link: Link, { rank_scale }: LinkTask): Item {
  const fields = fieldsOfLink(link);
  const rank = scaledRank(fields.page_from_rank, rank_scale);
  return {
    type: 'backlink',
    ...fields,
    rank,
    page_from_rank: rank,
    domain_from_rank: scaledRank(fields.domain_from_rank, rank_scale),
    domain_from_is_ip: false,
    prev_seen: null,
    original: null,
    alt: null,
    image_url: null,
    text_pre: null,
    text_post: null,
    ranked_keywords_info: Object.fromEntries(KEYWORDS),
  };
}
