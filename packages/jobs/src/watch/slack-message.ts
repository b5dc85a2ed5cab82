import type { WatchEvent } from '@linkhaul/schemas';

/** A message for one of Slack's incoming webhooks. `&`, `<` and `>` are Slack's own signs. */
export function slackMessage(type: WatchEvent['type'], data: WatchEvent['data']): { readonly text: string } {
  return {
    text: linesOf(type, data).join('\n').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  };
}

function linesOf(type: WatchEvent['type'], data: WatchEvent['data']): string[] {
  const { watch, run, alerts } = data;
  if (type === 'watch.skipped') return [`*${watch}*: a run was skipped. ${run.skipped ?? ''}`];
  const head = `*${watch}*: ${run.status ?? 'its job is gone'}${run.cost_usd === null ? '' : `, $${run.cost_usd}`}`;
  return [head, ...(type === 'watch.alert' ? alerts.flatMap(alertLines) : changeLines(data)), ...linkLines(data)];
}

function alertLines({ rule, count, examples, total }: WatchEvent['data']['alerts'][number]): string[] {
  const { field, change, by } = rule;
  const what = [field, change, ...(by === undefined ? [] : [`of ${by} or more`])].filter(Boolean).join(' ');
  if (total !== null) return [`• ${what}, in all: ${total.before} → ${total.after}`];
  const name = typeof field === 'string' ? field : null;
  return [`• ${what}: ${count}`, ...examples.slice(0, SHOWN).map((example) => `    ${changeText(example, name)}`)];
}

const SHOWN = 5;

function changeLines({ run: { counts }, field, totals, largest }: WatchEvent['data']): string[] {
  if (counts === null) return [];
  const { new: added, lost, changed } = counts;
  const total = totals?.[field];
  return [
    `${added ?? 0} new, ${lost ?? 0} lost, ${changed ?? 0} changed`,
    ...(total === undefined ? [] : [`${field}: ${total.before} → ${total.after}`]),
    ...largest.slice(0, SHOWN).map((change) => `• ${changeText(change, field)}`),
  ];
}

function changeText(
  { key, change, before, after }: WatchEvent['data']['largest'][number],
  field: string | null,
): string {
  const name = Object.values(key)
    .filter((part) => part !== null)
    .join(' ');
  const [old, now] = field === null ? [null, null] : [before?.[field] ?? null, after?.[field] ?? null];
  return old === null && now === null ? `${name} ${change}` : `${name}: ${old ?? 'nothing'} → ${now ?? 'nothing'}`;
}

function linkLines({ links }: WatchEvent['data']): string[] {
  const link = links.diff ?? links.job;
  return link === null ? [] : [link];
}
