import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import type { EndpointName } from '@linkhaul/schemas';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { openJobsList } from '../../service/jobs-list.js';
import { Button } from '../../ui/button.js';
import { Empty } from '../../ui/empty.js';
import { Trouble } from '../../ui/trouble.js';
import { DiffPanel } from './diff-panel.js';
import { LatestResults } from './latest-results.js';
import { endpointsOf } from './run-points.js';
import { RunsChart } from './runs-chart.js';
import { RunsTable } from './runs-table.js';
import { tagAddress } from './tag-address.js';
import { TargetPanel } from './target-panel.js';
import './tag-page.css';

/** A tag's runs over time, the changes between two of them, and one target over all of them. */
export function TagPage() {
  const tag = useRoute().params.tag ?? '';
  const { query, route } = useLocation();
  const list = useMemo(() => openJobsList({ tag }), [tag]);
  useEffect(() => {
    document.title = `${tag} · Linkhaul`;
    return () => list.close();
  }, [list]);
  const { jobs, nextCursor, isLoading, error } = list.state.value;
  const endpoints = endpointsOf(jobs ?? []);
  const endpoint = endpoints.find((name) => name === query.endpoint) ?? endpoints[0];
  const runs = (jobs ?? []).filter((job) => job.endpoint === endpoint);
  return (
    <>
      <nav class="trail" aria-label="Trail">
        <a href="/tags">Tags</a>
      </nav>
      <header class="page-head tag-head">
        <h1>{tag}</h1>
        {endpoint !== undefined && (
          <Endpoints
            endpoints={endpoints}
            chosen={endpoint}
            onChange={(name) => route(tagAddress(tag, { endpoint: name }), true)}
          />
        )}
        {endpoint !== undefined && <LatestResults tag={tag} endpoint={endpoint} />}
      </header>
      <Trouble error={error} onRetry={list.reload} />
      {jobs?.length === 0 && !isLoading && (
        <Empty title="No job has this tag" words="Its jobs may be deleted, or belong to another tenant.">
          <a href="/tags">Show all tags</a>
        </Empty>
      )}
      {endpoint !== undefined && (
        <>
          <RunsChart jobs={runs} />
          <RunsTable jobs={runs} />
          {nextCursor !== null && (
            <div class="more">
              <Button isBusy={isLoading} onClick={list.loadMore}>
                Show older runs
              </Button>
            </div>
          )}
          <DiffPanel key={`diff of ${tag} ${endpoint}`} tag={tag} endpoint={endpoint} jobs={runs} />
          <TargetPanel key={`target of ${tag} ${endpoint}`} tag={tag} endpoint={endpoint} />
        </>
      )}
    </>
  );
}

interface EndpointsProps {
  readonly endpoints: readonly EndpointName[];
  readonly chosen: EndpointName;
  readonly onChange: (name: string) => void;
}

/** Runs of different endpoints cannot be compared: one endpoint is shown at a time. */
function Endpoints({ endpoints, chosen, onChange }: EndpointsProps) {
  if (endpoints.length < 2) return <p class="quiet">{ENDPOINT_FORMS[chosen].title}</p>;
  return (
    <label class="endpoint-choice">
      <span class="unseen">Endpoint</span>
      <select value={chosen} onChange={(event) => onChange(event.currentTarget.value)}>
        {endpoints.map((name) => (
          <option key={name} value={name}>
            {ENDPOINT_FORMS[name].title}
          </option>
        ))}
      </select>
    </label>
  );
}
