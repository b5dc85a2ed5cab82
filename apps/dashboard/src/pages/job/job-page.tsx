import { isTagged, type Job } from '@linkhaul/schemas';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { share } from '../../format/numbers.js';
import { ButtonLink } from '../../ui/button.js';
import { Empty } from '../../ui/empty.js';
import { Trouble } from '../../ui/trouble.js';
import { LedgerTab } from './calls/ledger-tab.js';
import { DeliveriesTab } from './deliveries/deliveries-tab.js';
import { HistoryTab } from './history/history-tab.js';
import { JobHead } from './job-head.js';
import { type JobTab, JobTabs, tabOf } from './job-tabs.js';
import { openJob } from './live-job.js';
import { OverviewTab } from './overview/overview-tab.js';
import { FailuresTab } from './results/failures-tab.js';
import { ResultsTab } from './results/results-tab.js';
import { SettingsTab } from './settings/settings-tab.js';
import './job-page.css';

/** One job, live. The tab is part of the address, so that it can be shared and survives a reload. */
export function JobPage() {
  const { id = '' } = useRoute().params;
  const { query } = useLocation();
  const live = useMemo(() => openJob(id), [id]);
  useEffect(() => () => live.close(), [live]);
  const { job, gone, error } = live.state.value;
  useEffect(() => {
    document.title = job === null ? 'Job · Linkhaul' : titleOf(job);
  }, [job]);
  if (gone !== null) return <Gone words={GONE_WORDS[gone]} />;
  if (job === null) return error === null ? <Loading /> : <Trouble error={error} onRetry={live.reload} />;
  const tab = tabOf(query.tab);
  return (
    <>
      <JobHead job={job} onChange={live.show} />
      <Trouble error={error} onRetry={live.reload} />
      <JobTabs job={job} current={tab} />
      <Panel tab={tab} job={job} />
    </>
  );
}

function Panel({ tab, job }: { readonly tab: JobTab; readonly job: Job }) {
  const panels: Readonly<Record<JobTab, () => ComponentChildren>> = {
    overview: () => <OverviewTab job={job} />,
    results: () => <ResultsTab job={job} />,
    failures: () => <FailuresTab job={job} />,
    ledger: () => <LedgerTab job={job} />,
    deliveries: () => <DeliveriesTab job={job} />,
    history: () => <HistoryTab job={job} />,
    settings: () => <SettingsTab job={job} />,
  };
  return (
    <section class="job-panel" key={`${job.id} ${tab}`} aria-labelledby={`tab-${tab}`}>
      {panels[tab]()}
    </section>
  );
}

const GONE_WORDS = {
  missing: ['There is no such job', 'It may have been deleted, or belong to another key.'],
  deleted: ['This job was deleted', 'Its rows and results are gone. What it cost stays in the usage.'],
} as const;

function Gone({ words: [title, words] }: { readonly words: readonly [title: string, words: string] }) {
  return (
    <>
      <h1 class="unseen">Job</h1>
      <Empty title={title} words={words}>
        <ButtonLink href="/">To the jobs</ButtonLink>
      </Empty>
    </>
  );
}

/** Takes the place of the head, so that nothing jumps when the job is loaded. */
function Loading() {
  return (
    <p class="job-loading quiet" role="status">
      Loading the job
    </p>
  );
}

function titleOf(job: Job): string {
  const name = isTagged(job) ? job.tag : job.id;
  return job.status === 'running' ? `${share(job.progress)} ${name} · Linkhaul` : `${name} · Linkhaul`;
}
