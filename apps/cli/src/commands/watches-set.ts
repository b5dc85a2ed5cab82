import type { WatchFields } from '@linkhaul/client/service';
import { WATCH_PERIODS } from '@linkhaul/schemas';
import { listOf, oneOf, option, text, usd } from '../arguments/option.js';
import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { LIST_OPTIONS, listFields, RUN_OPTIONS } from '../list/options.js';
import { upload } from '../list/upload.js';
import { watchSummary } from '../render/watches.js';
import { print } from '../terminal.js';

const OPTIONS = {
  ...LIST_OPTIONS,
  'on-budget': RUN_OPTIONS['on-budget'],
  'retention-days': RUN_OPTIONS['retention-days'],
  cron: option('FIELDS', 'when: minute, hour, day, month, day of the week, such as "0 6 * * 1"', text),
  'time-zone': option('NAME', 'of --cron, such as Europe/Berlin (UTC)', text),
  every: option('TIME', 'or how often: 12h, 7d, 2w', text),
  budget: option('USD', 'what all runs of a period may cost at most', usd),
  period: option('PERIOD', `of --budget: ${WATCH_PERIODS.join(', ')} (month)`, oneOf(WATCH_PERIODS)),
  alert: option('RULES', 'such as "drop backlinks 5%, lost, rise backlinks 100 total"', listOf(alertRule)),
  webhook: option('URL', 'gets its events', text),
  slack: option('URL', "one of Slack's incoming webhooks, which gets its alerts", text),
  json: JSON_FLAG,
};

export const watchesSet = defineCommand({
  name: 'watches set',
  summary: 'Makes a watch, or changes it. Without FILE it keeps its list.',
  takes: ['NAME', '[FILE|-]'],
  options: OPTIONS,
  notes: [
    '  linkhaul watches set rivals domains.txt -e bulk_backlinks --every 7d --budget 20 --alert "drop backlinks 5%"',
  ],
  async run({ values, args: [name = '', file] }, { client, terminal }) {
    const fields: WatchFields = {
      ...listFields(values),
      on_budget: values['on-budget'],
      retention_days: values['retention-days'],
      schedule: scheduleOf(values),
      budget: budgetOf(values),
      alert: values.alert && [...values.alert],
      webhook: webhookOf(values),
    };
    const watch =
      file === undefined
        ? await client.setWatch(name, fields, undefined, { signal: terminal.interrupted })
        : await upload({ file, values }, terminal, (body, form) => client.setWatchText(name, fields, body, form));
    print(terminal, values.json ? JSON.stringify(watch) : watchSummary(watch));
    return EXIT.complete;
  },
});

interface ScheduleValues {
  readonly cron: string | undefined;
  readonly 'time-zone': string | undefined;
  readonly every: string | undefined;
}

function scheduleOf({ cron, every, 'time-zone': timeZone }: ScheduleValues): WatchFields['schedule'] {
  if ((cron === undefined) === (every === undefined)) throw badInput('Say when: either --cron or --every.');
  if (every !== undefined && timeZone !== undefined) throw badInput('--time-zone goes with --cron.');
  if (every !== undefined) return { every };
  return { cron: cron ?? '', ...(timeZone !== undefined && { time_zone: timeZone }) };
}

interface BudgetValues {
  readonly budget: number | undefined;
  readonly period: (typeof WATCH_PERIODS)[number] | undefined;
}

function budgetOf({ budget, period }: BudgetValues): WatchFields['budget'] {
  if (budget === undefined && period !== undefined) throw badInput('--period goes with --budget.');
  return budget === undefined ? undefined : { usd: budget, period: period ?? 'month' };
}

interface WebhookValues {
  readonly webhook: string | undefined;
  readonly slack: string | undefined;
}

function webhookOf({ webhook, slack }: WebhookValues): WatchFields['webhook'] {
  if (webhook !== undefined && slack !== undefined) throw badInput('A watch has one receiver: --webhook or --slack.');
  if (slack !== undefined) return { url: slack, format: 'slack', events: ['watch.alert', 'watch.skipped'] };
  return webhook === undefined ? undefined : { url: webhook };
}

const CHANGES = ['drop', 'rise', 'lost', 'new'] as const;

/** `drop backlinks 5% total`: the change, then a field, an amount and the word `total`. All but the change are optional. */
function alertRule(given: string) {
  const [change = '', ...rest] = given.trim().split(/\s+/);
  const isTotal = rest.at(-1) === 'total';
  const words = isTotal ? rest.slice(0, -1) : rest;
  const amount = words.find((word) => /^\d/.test(word));
  const [field, ...others] = words.filter((word) => word !== amount);
  if (others.length > 0) throw badInput(`"${given}": a rule is a change, a field, an amount and the word total`);
  return {
    change: oneOf(CHANGES)(change),
    ...(field !== undefined && { field }),
    ...(amount !== undefined && { by: amount.endsWith('%') ? amount : Number(amount) }),
    ...(isTotal && { scope: 'total' as const }),
  };
}
