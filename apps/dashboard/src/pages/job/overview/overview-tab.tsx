import type { Job } from '@linkhaul/schemas';
import { CallsCard } from './calls-card.js';
import { CostCard } from './cost-card.js';
import { useSeries } from './live-series.js';
import { Progress } from './progress.js';
import { SeriesCharts } from './series-charts.js';
import './overview.css';

/** How far the job is, what keeps it waiting, what it costs, and how these figures developed. */
export function OverviewTab({ job }: { readonly job: Job }) {
  const { series, error } = useSeries(job);
  return (
    <>
      <Progress job={job} series={series} />
      <SeriesCharts series={series} error={error} isFinished={job.finished_at !== null} />
      <div class="overview-cards">
        <CostCard job={job} />
        <CallsCard job={job} />
      </div>
    </>
  );
}
