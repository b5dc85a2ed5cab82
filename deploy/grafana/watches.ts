import type { Row } from './row.js';

export const WATCHES: Row = {
  title: 'Watches and reuse',
  panels: [
    {
      title: 'Ticks, in an hour',
      unit: 'short',
      lines: [['sum by (tick) (increase(linkhaul_watch_ticks_total[1h]))', '{{tick}}']],
    },
    {
      title: 'Runs of watches, in an hour',
      unit: 'short',
      lines: [
        ['sum by (outcome) (increase(linkhaul_watch_runs_total[1h]))', '{{outcome}}'],
        ['max(linkhaul_watch_runs_open)', 'open now'],
      ],
    },
    {
      title: 'Watches that are behind, or out of budget',
      unit: 'short',
      lines: [
        ['max(linkhaul_watches_behind)', 'behind'],
        ['max(linkhaul_watches_out_of_budget)', 'out of budget'],
      ],
    },
    {
      title: 'The earliest tick that waits',
      unit: 's',
      lines: [['max(linkhaul_watch_ticks_overdue_seconds)', 'overdue']],
    },
    {
      title: 'Rows from stored answers',
      unit: 'cps',
      lines: [['sum by (endpoint) (rate(linkhaul_reused_rows_total[$__rate_interval]))', '{{endpoint}}']],
    },
    {
      title: 'Saved by reuse, in an hour',
      unit: 'currencyUSD',
      lines: [['sum by (endpoint) (increase(linkhaul_reuse_saved_usd_total[1h]))', '{{endpoint}}']],
    },
  ],
};
