import { count } from '../format/numbers.js';
import './sparkline.css';

const WIDTH = 96;
const HEIGHT = 20;

/** A series as a line without axes. Its ends and its largest value are given in words. */
export function Sparkline({ points }: { readonly points: readonly number[] }) {
  const most = Math.max(...points);
  const least = Math.min(...points);
  const step = WIDTH / Math.max(1, points.length - 1);
  const heightOf = (point: number) => HEIGHT - 2 - ((point - least) / (most - least || 1)) * (HEIGHT - 4);
  const words = `from ${count(points[0] ?? 0)} to ${count(points.at(-1) ?? 0)}, at most ${count(most)}`;
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      <polyline points={points.map((point, at) => `${at * step},${heightOf(point)}`).join(' ')} />
    </svg>
  );
}
