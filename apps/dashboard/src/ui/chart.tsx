import { useEffect, useRef } from 'preact/hooks';
import UPlot, { type AlignedData, type Options } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axisTime, localTime } from '../format/times.js';
import { theme } from '../shell/theme.js';
import './chart.css';

interface ChartLine {
  readonly label: string;
  /** A colour's name among the tokens, such as `--accent`. */
  readonly colour: string;
  /** One value for each time; null where nothing is known. */
  readonly values: readonly (number | null)[];
  readonly isFilled?: boolean;
  /** A bar for each value, which stands for a span of time, such as a day. */
  readonly isBars?: boolean;
}

interface ChartProps {
  /** What the chart shows, for those who do not see it; the numbers stand beside each chart. */
  readonly label: string;
  /** Times in milliseconds, rising. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  /** A value as the axis and the legend write it. */
  readonly format: (value: number) => string;
  readonly height?: number;
  /** Charts with one name here mark the time under the pointer together. */
  readonly together?: string;
}

/** Values by time. Drawn again for other data, another width, and the other colours. */
export function Chart({ label, times, lines, format, height = 160, together }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const data: AlignedData = [times.map((time) => time / 1000), ...lines.map(({ values }) => [...values])];
  const shape = JSON.stringify([lines.map(({ label: name, colour }) => [name, colour]), height, theme.value]);
  // Made again for another shape alone; new data is drawn into the plot that is there.
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    plot.current = new UPlot(optionsOf({ element, lines, format, height, together }), data, element);
    const sizes = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      plot.current?.destroy();
    };
  }, [shape]);
  useEffect(() => {
    plot.current?.setData(data);
    if (plot.current !== null) tellNewest(plot.current);
  }, [times, lines]);
  return (
    <figure class="chart">
      <div ref={place} role="img" aria-label={label} />
    </figure>
  );
}

/** Without a pointer over the chart, its legend tells the newest values. */
function tellNewest(plot: UPlot): void {
  const newest = plot.data[0].length - 1;
  const isPointedAt = (plot.cursor.left ?? -1) >= 0;
  if (newest >= 0 && !isPointedAt) plot.setLegend({ idx: newest }, false);
}

const bars = UPlot.paths.bars?.({ size: [0.7, 48] });
const BARS = bars === undefined ? {} : { paths: bars };

type Range = [number, number];

/** The size of an area or a bar means something only from nothing on. */
function fromZero(_plot: UPlot, _low: number, high: number): Range {
  return [0, high > 0 ? high * 1.1 : 1];
}

function wholeRange(_plot: UPlot, first: number, last: number): Range {
  return last > first ? [first, last] : [first - 1, first + 1];
}

/** The first and the last bar are as wide as the others. */
function rangeOfBars({ data: [times] }: UPlot, first: number, last: number): Range {
  const half = times.length > 1 ? (last - first) / (times.length - 1) / 2 : 1;
  return [first - half, last + half];
}

interface Drawing extends Pick<ChartProps, 'lines' | 'format'> {
  readonly element: HTMLElement;
  readonly height: number;
  readonly together: string | undefined;
}

function optionsOf({ element, lines, format, height, together }: Drawing): Options {
  const colourOf = (name: string) => getComputedStyle(element).getPropertyValue(name);
  const axis = { stroke: colourOf('--quiet'), grid: { stroke: colourOf('--rule'), width: 1 }, ticks: { show: false } };
  const hasBars = lines.some(({ isBars }) => isBars === true);
  return {
    width: element.clientWidth,
    height,
    legend: { live: true },
    hooks: { setLegend: [tellNewest] },
    cursor: { y: false, points: { size: 6 }, ...(together !== undefined && { sync: { key: together } }) },
    scales: {
      x: { range: hasBars ? rangeOfBars : wholeRange },
      ...(lines.some(({ isFilled }) => isFilled === true) && { y: { range: fromZero } }),
    },
    axes: [
      {
        ...axis,
        size: 28,
        space: 60,
        incrs: TIME_STEPS,
        values: (plot, times) => times.map((time) => axisTime(time * 1000, stepOf(times, plot) * 1000)),
      },
      { ...axis, size: 64, values: (_plot, values) => values.map((value) => format(value)) },
    ],
    series: [
      { value: (plot: UPlot, time: number | null) => (time === null ? '–' : legendTime(plot, time)) },
      ...lines.map(({ label, colour, isFilled = false, isBars = false }) => ({
        label,
        stroke: colourOf(colour),
        width: isBars ? 0 : 1.75,
        points: { size: 4, fill: colourOf(colour), ...(isBars && { show: false }) },
        ...(isBars && BARS),
        value: (_plot: UPlot, value: number | null) => (value === null ? '–' : format(value)),
        ...(isFilled && { fill: `color-mix(in srgb, ${colourOf(colour)} ${isBars ? 75 : 14}%, transparent)` }),
      })),
    ],
  };
}

const DAY_S = 86_400;

/** Within a day the date says nothing. */
function legendTime({ scales: { x } }: UPlot, time: number): string {
  const isWithinDay = (x?.max ?? 0) - (x?.min ?? 0) < DAY_S;
  return isWithinDay ? axisTime(time * 1000, 1000) : localTime(time * 1000);
}

/** In seconds: times stand at whole ones. */
const TIME_STEPS = [
  1,
  2,
  5,
  15,
  30,
  60,
  120,
  300,
  600,
  1800,
  3600,
  7200,
  21_600,
  43_200,
  DAY_S,
  7 * DAY_S,
  14 * DAY_S,
  30 * DAY_S,
  365 * DAY_S,
];

/** Where a single time is marked, as long as all that is shown. */
function stepOf([first = 0, second]: readonly number[], { scales: { x } }: UPlot): number {
  return second === undefined ? (x?.max ?? first + 1) - (x?.min ?? first) : second - first;
}
