import { useEffect, useRef } from 'preact/hooks';
import UPlot, { type AlignedData, type Options } from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axisTime, localTime } from '../format/times.js';
import { theme } from '../shell/theme.js';
import './chart.css';

interface ChartLine {
  readonly label: string;
  /** The name of a colour token, such as `--accent`. */
  readonly colour: string;
  /** One value for each time; null if it is unknown. */
  readonly values: readonly (number | null)[];
  readonly isFilled?: boolean;
  /** True to draw a bar for each value, which covers a span of time such as a day. */
  readonly isBars?: boolean;
}

interface ChartProps {
  /** A description for screen readers. The numbers themselves are beside each chart. */
  readonly label: string;
  /** Times in milliseconds, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  /** Formats a value for the axis and the legend. */
  readonly format: (value: number) => string;
  readonly height?: number;
  /** In charts with the same name here, the pointer marks the same time. */
  readonly together?: string;
}

/** Values over time. Drawn again for new data, a new width and another theme. */
export function Chart({ label, times, lines, format, height = 160, together }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const data: AlignedData = [times.map((time) => time / 1000), ...lines.map(({ values }) => [...values])];
  const shape = JSON.stringify([lines.map(({ label: name, colour }) => [name, colour]), height, theme.value]);
  // Made again only for another shape. New data is drawn into the existing plot.
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

/** While no pointer is over the chart, its legend shows the newest values. */
function tellNewest(plot: UPlot): void {
  const newest = plot.data[0].length - 1;
  const isPointedAt = (plot.cursor.left ?? -1) >= 0;
  if (newest >= 0 && !isPointedAt) plot.setLegend({ idx: newest }, false);
}

const bars = UPlot.paths.bars?.({ size: [0.7, 48] });
const BARS = bars === undefined ? {} : { paths: bars };

type Range = [number, number];

/** Areas and bars start at zero, because otherwise their size would mean nothing. */
function fromZero(_plot: UPlot, _low: number, high: number): Range {
  return [0, high > 0 ? high * 1.1 : 1];
}

function wholeRange(_plot: UPlot, first: number, last: number): Range {
  return last > first ? [first, last] : [first - 1, first + 1];
}

/** Makes room for the outer halves of the first and the last bar. */
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

/** Within one day the date is left out. */
function legendTime({ scales: { x } }: UPlot, time: number): string {
  const isWithinDay = (x?.max ?? 0) - (x?.min ?? 0) < DAY_S;
  return isWithinDay ? axisTime(time * 1000, 1000) : localTime(time * 1000);
}

/** Distances between axis marks, in seconds. All are whole seconds. */
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

/** The distance between two times. For a single time, the whole range. */
function stepOf([first = 0, second]: readonly number[], { scales: { x } }: UPlot): number {
  return second === undefined ? (x?.max ?? first + 1) - (x?.min ?? first) : second - first;
}
