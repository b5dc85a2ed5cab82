import type { Job } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { shortCount, usd } from '../../format/numbers.js';
import { Chart } from '../../ui/chart.js';
import { Panel } from '../../ui/panel.js';
import { MEASURES, type Measure, runPoints } from './run-points.js';

/** One curve over the runs. A single run has no curve: the table has its numbers. */
export function RunsChart({ jobs }: { readonly jobs: readonly Job[] }) {
  const measure = useSignal<Measure>('ok');
  const { words, isMoney } = MEASURES[measure.value];
  const points = useMemo(() => runPoints(jobs, measure.value), [jobs, measure.value]);
  const lines = useMemo(
    () => [{ label: words, colour: '--accent', values: points.values, isFilled: true }],
    [points, words],
  );
  if (points.times.length < 2) return null;
  return (
    <Panel
      title="Over time"
      actions={<MeasureChoice chosen={measure.value} onChange={(name) => (measure.value = name)} />}
    >
      <Chart
        key={measure.value}
        label={`${words} of each run`}
        times={points.times}
        lines={lines}
        format={isMoney ? usd : shortCount}
      />
    </Panel>
  );
}

function MeasureChoice({ chosen, onChange }: { readonly chosen: Measure; readonly onChange: (name: Measure) => void }) {
  return (
    <label>
      <span class="unseen">What the chart shows</span>
      <select
        value={chosen}
        onChange={({ currentTarget: { value } }) => {
          if (isMeasure(value)) onChange(value);
        }}
      >
        {Object.entries(MEASURES).map(([name, { words }]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function isMeasure(name: string): name is Measure {
  return name in MEASURES;
}
