import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { count, usd } from '../../../format/numbers.js';
import { latency } from '../../../format/times.js';
import { Chart } from '../../../ui/chart.js';
import { latencyCurve, type Series, spendCurve, throughputCurve } from './series-curves.js';

interface SeriesChartsProps {
  readonly series: Series | null;
  readonly error: unknown;
  readonly isFinished: boolean;
}

/** The pointer marks the same moment in all three charts. */
const TOGETHER = 'job';

export function SeriesCharts(props: SeriesChartsProps) {
  const { series } = props;
  const curves = useMemo(
    () =>
      series === null || series.points.length === 0
        ? null
        : { rows: throughputCurve(series), waits: latencyCurve(series), money: spendCurve(series) },
    [series],
  );
  const none = withoutPoints(props);
  const draw = (title: string, chart: (drawn: NonNullable<typeof curves>) => ComponentChildren) => (
    <section class="card">
      <h2>{title}</h2>
      {curves === null ? <p class="no-series quiet">{none}</p> : chart(curves)}
    </section>
  );
  return (
    <div class="series-charts">
      {draw('Rows a second', ({ rows: { times, values } }) => (
        <Chart
          label="Rows a second over time"
          times={times}
          lines={[{ label: 'rows/s', colour: '--ok', values: values[0] ?? [], isFilled: true }]}
          format={rate}
          together={TOGETHER}
        />
      ))}
      {draw('Time to an answer', ({ waits: { times, values } }) => (
        <Chart
          label="Time from the sending of a call to its answer, over time"
          times={times}
          lines={[
            { label: 'mean', colour: '--accent', values: values[0] ?? [] },
            { label: 'longest', colour: '--invalid', values: values[1] ?? [] },
          ]}
          format={latency}
          together={TOGETHER}
        />
      ))}
      {draw('Spent', ({ money: { times, values } }) => (
        <Chart
          label="Money spent so far, over time"
          times={times}
          lines={[{ label: 'spent', colour: '--accent', values: values[0] ?? [], isFilled: true }]}
          format={usd}
          together={TOGETHER}
        />
      ))}
    </div>
  );
}

/** The text to show if there is nothing to draw. */
function withoutPoints({ series, error, isFinished }: SeriesChartsProps): string {
  if (series === null) return error === null ? '' : 'The job over time could not be loaded.';
  return isFinished ? 'Nothing of this job was recorded over time.' : 'Drawn as soon as the first answer is here.';
}

function rate(value: number): string {
  return value >= 10 || value === 0 ? count(Math.round(value)) : String(Number(value.toPrecision(2)));
}
