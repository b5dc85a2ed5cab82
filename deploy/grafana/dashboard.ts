/**
 * The Grafana dashboard, as a table of its panels. linkhaul.json beside this file is written from it:
 * pnpm exec vitest run e2e/metrics.test.ts --update. A test holds it against what API and worker report.
 */

import type { Panel, Row } from './row.js';
import { WATCHES } from './watches.js';

/** Every API process reports the same figures of the installation, so these are combined by `max`, never by `sum`. */
const ROWS: readonly Row[] = [
  {
    title: 'Now',
    panels: [
      { title: 'Workers', unit: 'short', isNumber: true, lines: [['max(linkhaul_workers)', 'workers']] },
      { title: 'Places for calls', unit: 'short', isNumber: true, lines: [['max(linkhaul_worker_places)', 'places']] },
      { title: 'Open jobs', unit: 'short', isNumber: true, lines: [['max(linkhaul_jobs_open)', 'open']] },
      {
        title: 'Jobs with calls to send',
        unit: 'short',
        isNumber: true,
        lines: [['max(linkhaul_jobs_ready)', 'ready']],
      },
      {
        title: 'Longest standstill',
        unit: 'dtdurations',
        isNumber: true,
        lines: [['max(linkhaul_jobs_longest_standstill_seconds)', 'standstill']],
      },
      { title: 'Redis answers', unit: 'short', isNumber: true, lines: [['min(linkhaul_redis_up)', '1: yes']] },
    ],
  },
  {
    title: 'What keeps jobs',
    panels: [
      {
        title: 'The account waits (1 at each reason)',
        unit: 'short',
        lines: [['max by (reason) (linkhaul_account_paused) > 0', '{{reason}}']],
      },
      {
        title: 'Jobs that stand still',
        unit: 'short',
        lines: [['max by (bound_by) (linkhaul_jobs_standing)', '{{bound_by}}']],
      },
      {
        title: 'Sending held, look-ups fail, storage away (1: yes)',
        unit: 'short',
        lines: [
          ['max(linkhaul_sending_held)', 'sending held'],
          ['max(linkhaul_look_ups_failing)', 'look-ups fail'],
          ['max(linkhaul_storage_away)', 'storage away'],
        ],
      },
      {
        title: 'Tenants whose answers cannot be read',
        unit: 'short',
        lines: [['max by (endpoint) (linkhaul_unreadable_tenants)', '{{endpoint}}']],
      },
    ],
  },
  {
    title: 'The account',
    panels: [
      {
        title: 'Slots',
        unit: 'short',
        lines: [
          ['max(linkhaul_account_slots_used)', 'used'],
          ['max(linkhaul_account_slots)', 'allowed now'],
          ['max(linkhaul_account_slots_limit)', 'limit'],
        ],
      },
      {
        title: 'Requests in the last minute',
        unit: 'short',
        lines: [
          ['max(linkhaul_account_requests_last_minute)', 'sent'],
          ['max(linkhaul_account_requests_per_minute_limit)', 'limit'],
        ],
      },
      {
        title: 'Spent in an hour, as answers reported it',
        unit: 'currencyUSD',
        lines: [['sum by (endpoint) (increase(linkhaul_upstream_cost_usd_total[1h]))', '{{endpoint}}']],
      },
    ],
  },
  {
    title: 'Calls',
    panels: [
      { title: 'Calls under way', unit: 'short', lines: [['max by (state) (linkhaul_calls)', '{{state}}']] },
      {
        title: 'Attempts, by what is done next',
        unit: 'cps',
        lines: [['sum by (action) (rate(linkhaul_upstream_calls_total[$__rate_interval]))', '{{action}}']],
      },
      {
        title: 'Time until the answer',
        unit: 's',
        lines: [
          [quantile(0.5, 'linkhaul_upstream_call_duration_seconds', 'endpoint'), '{{endpoint}}, median'],
          [quantile(0.95, 'linkhaul_upstream_call_duration_seconds', 'endpoint'), '{{endpoint}}, 95 %'],
        ],
      },
      {
        title: 'In each worker',
        unit: 'short',
        lines: [
          ['linkhaul_upstream_calls_in_flight', '{{instance}} in flight'],
          ['linkhaul_permits_waiting', '{{instance}} waiting for a permit'],
        ],
      },
      {
        title: 'Permits that came too late, in an hour',
        unit: 'short',
        lines: [['sum by (instance) (increase(linkhaul_permits_given_back_total[1h]))', '{{instance}}']],
      },
      {
        title: 'Calls without an answer, in an hour',
        unit: 'short',
        lines: [
          ['sum by (fate) (increase(linkhaul_unknown_calls_resolved_total[1h]))', '{{fate}}'],
          ['sum(increase(linkhaul_record_entries_nameless_total[1h]))', 'nameless entries of the record'],
        ],
      },
    ],
  },
  WATCHES,
  {
    title: 'Events and webhooks',
    panels: [
      {
        title: 'Waiting',
        unit: 'short',
        lines: [
          ['max(linkhaul_events_unannounced)', 'events'],
          ['max(linkhaul_deliveries_pending)', 'deliveries'],
        ],
      },
      {
        title: 'Attempts of deliveries',
        unit: 'cps',
        lines: [['sum by (outcome) (rate(linkhaul_webhook_posts_total[$__rate_interval]))', '{{outcome}}']],
      },
    ],
  },
  {
    title: 'The API',
    panels: [
      {
        title: 'Requests by status',
        unit: 'reqps',
        lines: [['sum by (status) (rate(linkhaul_http_requests_total[$__rate_interval]))', '{{status}}']],
      },
      {
        title: 'Time until the answer begins, 95 %',
        unit: 's',
        lines: [[quantile(0.95, 'linkhaul_http_request_duration_seconds', 'route'), '{{route}}']],
      },
    ],
  },
  {
    title: 'Redis and processes',
    panels: [
      {
        title: 'Memory of Redis (above 80 % no call is sent)',
        unit: 'percentunit',
        lines: [['max(linkhaul_redis_memory_used_ratio)', 'used']],
      },
      {
        title: 'CPU (cores)',
        unit: 'short',
        lines: [[ours('rate(process_cpu_seconds_total{OURS}[$__rate_interval])'), '{{instance}}']],
      },
      {
        title: 'Memory',
        unit: 'bytes',
        lines: [
          [ours('process_resident_memory_bytes{OURS}'), '{{instance}} resident'],
          [ours('nodejs_heap_size_used_bytes{OURS}'), '{{instance}} heap used'],
          [ours('nodejs_heap_size_total_bytes{OURS}'), '{{instance}} heap'],
          [ours('nodejs_external_memory_bytes{OURS}'), '{{instance}} outside the heap'],
        ],
      },
      {
        title: 'Event loop lag',
        unit: 's',
        lines: [
          [ours('nodejs_eventloop_lag_p99_seconds{OURS}'), '{{instance}} 99 %'],
          [ours('nodejs_eventloop_lag_max_seconds{OURS}'), '{{instance}} longest'],
        ],
      },
      {
        title: 'Running since',
        unit: 'dtdurations',
        lines: [[ours('time() - process_start_time_seconds{OURS}'), '{{instance}}']],
      },
    ],
  },
];

/** Limits an expression to our processes, since others report metrics with the same names. */
function ours(expression: string): string {
  return expression.replace('OURS', 'job=~"linkhaul-.*"');
}

function quantile(share: number, histogram: string, by: string): string {
  return `histogram_quantile(${share}, sum by (le, ${by}) (rate(${histogram}_bucket[$__rate_interval])))`;
}

const WIDTH = 24;
const NUMBER = { w: 4, h: 4 };
const CHART = { w: 8, h: 8 };
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/** The dashboard in the form that Grafana imports. */
export function dashboard() {
  return {
    uid: 'linkhaul',
    title: 'Linkhaul',
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
    panels: placed(),
  };
}

/** The rows, one below the other; within a row, the panels from left to right. */
function placed() {
  const panels: object[] = [];
  let y = 0;
  for (const { title, panels: inRow } of ROWS) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: WIDTH, h: 1 },
      panels: [],
    });
    y++;
    let x = 0;
    let height = 0;
    for (const panel of inRow) {
      const { w, h } = panel.isNumber ? NUMBER : CHART;
      if (x + w > WIDTH) {
        x = 0;
        y += height;
      }
      panels.push(panelAt(panel, { x, y, w, h }, panels.length + 1));
      x += w;
      height = h;
    }
    y += height;
  }
  return panels;
}

function panelAt({ title, unit, lines, isNumber }: Panel, gridPos: object, id: number) {
  return {
    id,
    type: isNumber ? 'stat' : 'timeseries',
    title,
    gridPos,
    datasource: DATASOURCE,
    fieldConfig: { defaults: { unit, ...(isNumber ? {} : { min: 0 }) }, overrides: [] },
    targets: lines.map(([expr, legendFormat], at) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + at),
      datasource: DATASOURCE,
      expr,
      legendFormat,
    })),
  };
}
