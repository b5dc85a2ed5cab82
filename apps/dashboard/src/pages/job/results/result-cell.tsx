import { count } from '../../../format/numbers.js';
import { localTime } from '../../../format/times.js';
import { Icon } from '../../../ui/icon.js';
import { Sparkline } from '../../../ui/sparkline.js';
import type { Cell } from './kept-cells.js';
import type { CellKind } from './result-columns.js';
import { webAddress } from './safe-link.js';
import type { Shape } from './shapes.js';

/** The content of a cell. Nothing in a result is treated as markup. */
export function ResultCell({ cell, kind }: { readonly cell: Cell; readonly kind: CellKind }) {
  if (cell === null) return <span class="quiet">–</span>;
  if (typeof cell === 'string') return <LinkedText text={cell} />;
  if (typeof cell === 'number') return <>{kind === 'time' ? localTime(cell) : count(cell)}</>;
  return <ShapeCell shape={cell} />;
}

/** A text. If it is the address of a web page, a link follows it. */
export function LinkedText({ text }: { readonly text: string }) {
  const address = webAddress(text);
  return (
    <>
      <span class="clip" title={text}>
        {text}
      </span>
      {address !== null && <PageLink address={address} />}
    </>
  );
}

export function PageLink({ address }: { readonly address: string }) {
  return (
    <a class="out" href={address} target="_blank" rel="noreferrer noopener" aria-label={`Open ${address}`}>
      <Icon name="link" />
    </a>
  );
}

function ShapeCell({ shape }: { readonly shape: Shape }) {
  if (shape.kind === 'text') return <LinkedText text={shape.text} />;
  if (shape.kind === 'series') return <Sparkline points={shape.points} />;
  const { largest, others, sum } = shape;
  const most = largest[0]?.[1] ?? 0;
  const words = largest.map(([name, value]) => `${entryName(name)} ${count(value)}`);
  return (
    <span
      class="entries"
      title={[...words, ...(others > 0 ? [`${count(others)} more`] : []), `${count(sum)} in all`].join(', ')}
    >
      {largest.map(([name, value]) => (
        <span key={name} class="entry">
          <i style={{ width: `${most === 0 ? 0 : Math.max(2, (100 * value) / most)}%` }} />
          <span class="clip">{entryName(name)}</span> {count(value)}
        </span>
      ))}
      {others > 0 && <span class="quiet">+{count(others)}</span>}
    </span>
  );
}

/** The upstream writes "unknown" as an empty key. */
export function entryName(name: string): string {
  return name === '' ? 'unknown' : name;
}
