import type { Job } from '@linkhaul/schemas';
import { useEffect, useRef } from 'preact/hooks';
import { shortCount } from '../../format/numbers.js';
import './job-tabs.css';

const TABS = {
  overview: 'Overview',
  results: 'Results',
  failures: 'Failures',
  ledger: 'Ledger',
  deliveries: 'Deliveries',
  history: 'History',
  settings: 'Settings',
} as const;

export type JobTab = keyof typeof TABS;

/** The tab in the address; the overview if there is none. */
export function tabOf(name: string | undefined): JobTab {
  return TAB_NAMES.find((known) => known === name) ?? 'overview';
}

export function addressOfTab(id: string, tab: JobTab, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams({ ...(tab !== 'overview' && { tab }), ...query }).toString();
  return search === '' ? `/jobs/${id}` : `/jobs/${id}?${search}`;
}

/** The tabs of the page. Each has its own address. */
export function JobTabs({ job, current }: { readonly job: Job; readonly current: JobTab }) {
  const row = useRef<HTMLElement>(null);
  // On a phone the row of tabs is wider than the page, so the current one is scrolled into view.
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <nav class="job-tabs" ref={row} aria-label="Parts of the job">
      {TAB_NAMES.map((tab) => {
        const number = numberOf(tab, job);
        return (
          <a
            key={tab}
            id={`tab-${tab}`}
            href={addressOfTab(job.id, tab)}
            aria-current={tab === current ? 'page' : undefined}
          >
            {TABS[tab]}
            {number > 0 && <span class="job-tab-count">{shortCount(number)}</span>}
          </a>
        );
      })}
    </nav>
  );
}

const TAB_NAMES: readonly JobTab[] = ['overview', 'results', 'failures', 'ledger', 'deliveries', 'history', 'settings'];

/** The number to show on a tab before it is opened. */
function numberOf(tab: JobTab, { rows }: Job): number {
  return tab === 'failures' ? rows.failed + rows.invalid + rows.skipped : 0;
}
