import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import { isTagged, type Job } from '@linkhaul/schemas';
import { count, usd } from '../../../format/numbers.js';
import { localTime } from '../../../format/times.js';

interface Setting {
  readonly name: string;
  readonly value: string;
  /** True for a value in the service's form, such as JSON or an address. */
  readonly isCode?: boolean;
}

interface SettingsGroup {
  readonly title: string;
  readonly settings: readonly Setting[];
}

/** The settings with which the job was sent, as the service understood them. */
export function settingsOf(job: Job): readonly SettingsGroup[] {
  return [
    { title: 'Question', settings: questionOf(job) },
    { title: 'List', settings: listOf(job) },
    { title: 'Limits', settings: limitsOf(job) },
    { title: 'Names and events', settings: namesOf(job) },
  ].filter(({ settings }) => settings.length > 0);
}

function questionOf({ endpoint, params, max_items_per_target: most, max_age: age, reused }: Job): Setting[] {
  const { title, isPaged } = ENDPOINT_FORMS[endpoint];
  const items = most === null ? 'All' : count(most);
  return [
    { name: 'Endpoint', value: `${title} (${endpoint})` },
    ...Object.entries(params).map(([name, value]) => ({ name, value: written(value), isCode: true })),
    ...(isPaged ? [{ name: 'Items of a target, at most', value: items }] : []),
    ...(age === null ? [] : [{ name: 'Reuses answers', value: `Up to ${age} old: ${count(reused)} rows` }]),
  ];
}

const TARGET_WORDS: Readonly<Record<Job['target_as'], string>> = {
  given: 'As it stands in its row',
  host: "Its row's host",
  domain: "Its row's registrable domain",
};

function listOf({ target_as, keep_www, on_invalid }: Job): Setting[] {
  return [
    { name: 'Target', value: TARGET_WORDS[target_as] },
    { name: 'Leading www. of hosts', value: keep_www ? 'Kept' : 'Taken away' },
    { name: 'Invalid rows', value: on_invalid === 'skip' ? 'Left out' : 'Nothing runs if there is one' },
  ];
}

function limitsOf({ max_cost_usd: budget, on_budget, deadline, start, on_overlap, retention_days }: Job): Setting[] {
  const end = on_budget === 'pause' ? 'it pauses' : 'the rest is skipped';
  return [
    { name: 'Budget', value: budget === null ? 'None' : `${usd(budget)}, then ${end}` },
    { name: 'Deadline', value: deadline === null ? 'None' : `${localTime(deadline)}, then ${end}` },
    { name: 'Start', value: start === 'auto' ? 'At once' : 'By hand' },
    {
      name: 'Another job of its tag and endpoint',
      value: on_overlap === 'allow' ? 'May run at the same time' : 'Has it refused',
    },
    { name: 'Kept after its end', value: `${count(retention_days)} days` },
  ];
}

function namesOf(job: Job): Setting[] {
  const { webhook, metadata, pingback_url: pingback, postback_url: postback } = job;
  return [
    { name: 'Tag', value: isTagged(job) ? job.tag : 'None' },
    ...Object.entries(metadata).map(([name, value]) => ({ name: `Metadata: ${name}`, value })),
    webhook === null
      ? { name: 'Webhook', value: 'The default one, if there is one' }
      : { name: 'Webhook', value: webhook.url, isCode: true },
    ...(webhook?.events === undefined ? [] : [{ name: 'Events', value: webhook.events.join(', '), isCode: true }]),
    ...(pingback === null ? [] : [{ name: 'Pingback', value: pingback, isCode: true }]),
    ...(postback === null ? [] : [{ name: 'Postback', value: postback, isCode: true }]),
    { name: 'Tenant', value: job.tenant },
  ];
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
