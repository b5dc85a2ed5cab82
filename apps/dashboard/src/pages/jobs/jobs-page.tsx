import { useSignalEffect } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { openJobsList } from '../../service/jobs-list.js';
import { Button } from '../../ui/button.js';
import { Empty } from '../../ui/empty.js';
import { Trouble } from '../../ui/trouble.js';
import { FirstSteps } from './first-steps.js';
import { JobsFilters } from './jobs-filters.js';
import { isFiltered, queryOf } from './jobs-query.js';
import { JobsTable } from './jobs-table.js';
import './jobs-page.css';

/** All jobs of the tenant, live. The filters are part of the address, so that a view can be shared. */
export function JobsPage() {
  const { query: address } = useLocation();
  const query = queryOf(address);
  const name = JSON.stringify(query);
  // Opened again only for other filters. The effect below closes the previous list.
  const list = useMemo(() => openJobsList(query), [name]);
  useEffect(() => () => list.close(), [list]);
  useSignalEffect(() => {
    const running = list.state.value.jobs?.filter(({ status }) => status === 'running').length ?? 0;
    document.title = running === 0 ? 'Jobs · Linkhaul' : `(${running}) Jobs · Linkhaul`;
  });
  const { jobs, nextCursor, isLoading, error } = list.state.value;
  return (
    <>
      <header class="page-head">
        <h1>Jobs</h1>
      </header>
      <JobsFilters query={query} />
      <Trouble error={error} onRetry={list.reload} />
      {jobs !== null && jobs.length > 0 && <JobsTable jobs={jobs} />}
      {jobs?.length === 0 && nextCursor === null && !isLoading && (isFiltered(query) ? <NoMatch /> : <FirstSteps />)}
      {nextCursor !== null && (
        <div class="more">
          <Button isBusy={isLoading} onClick={list.loadMore}>
            Show older jobs
          </Button>
        </div>
      )}
    </>
  );
}

function NoMatch() {
  return (
    <Empty title="No job matches these filters">
      <a href="/">Show all jobs</a>
    </Empty>
  );
}
