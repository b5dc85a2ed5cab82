import type { Signal } from '@preact/signals';
import type { TargetedKeyboardEvent } from 'preact';
import { count } from '../../../format/numbers.js';
import { RowBadge } from '../../../ui/badge.js';
import { VirtualTable } from '../../../ui/virtual-table.js';
import type { LoadedRows } from './loaded-rows.js';
import { PageLink, ResultCell } from './result-cell.js';
import type { CellKind, ResultColumn } from './result-columns.js';
import { ResultsHead } from './results-head.js';
import type { Sort } from './row-order.js';
import { webAddress } from './safe-link.js';

interface ResultsTableProps {
  readonly rows: LoadedRows;
  readonly columns: readonly ResultColumn[];
  /** The rows to show; null for all, in the order in which they were loaded. */
  readonly order: Uint32Array | null;
  /** The number of rows, including those that are still to be loaded. */
  readonly count: number;
  readonly sort: Signal<Sort | null>;
  readonly onShown: (last: number) => void;
  readonly onOpen: (index: number) => void;
}

const WIDTHS: Readonly<Record<CellKind, number>> = { number: 7, time: 13, text: 16, shape: 21 };
/** The widths of line, target and outcome. */
const FIXED_WIDTHS = matchMedia('(max-width: 46rem)').matches ? [4.5, 11.5, 6.5] : [5.5, 17, 6.5];
const WIDEST_TARGET = 30;
const ROW_HEIGHT = matchMedia('(pointer: coarse)').matches ? 44 : 34;

export function ResultsTable({ rows, columns, order, count: all, sort, onShown, onOpen }: ResultsTableProps) {
  const widths = [...FIXED_WIDTHS, ...columns.map(widthOf)];
  const tracks = widths
    .map((width, at) => (at === 1 ? `minmax(${width}rem, ${WIDEST_TARGET}rem)` : `${width}rem`))
    .join(' ');
  const totalWidth = widths.reduce((sum, width) => sum + width, 0);
  return (
    <div class="results-table" style={{ '--whole-width': `${totalWidth}rem` }}>
      <VirtualTable
        count={all}
        rowHeight={ROW_HEIGHT}
        label="Results"
        columns={tracks}
        head={<ResultsHead columns={columns} sort={sort} />}
        row={(at) => (
          <Row rows={rows} index={order === null ? at : (order[at] ?? 0)} at={at} columns={columns} onOpen={onOpen} />
        )}
        onShown={(_first, last) => onShown(last)}
      />
    </div>
  );
}

/** The width in rem, large enough for the title too. */
function widthOf({ kind, title }: ResultColumn): number {
  return Math.max(WIDTHS[kind], title.length / 2 + 2.5);
}

interface RowProps extends Pick<ResultsTableProps, 'rows' | 'columns' | 'onOpen'> {
  readonly index: number;
  /** The row's position in the table. */
  readonly at: number;
}

function Row({ rows, index, at, columns, onOpen }: RowProps) {
  if (index >= rows.count) return <Unloaded cells={columns.length + FIXED_WIDTHS.length} />;
  const target = rows.targetAt(index);
  const address = webAddress(target);
  return (
    <>
      <span role="cell" class="number quiet">
        {count(rows.lineAt(index))}
      </span>
      <span role="cell" class="linked">
        <button
          type="button"
          class="row-open clip"
          data-at={at}
          title={target}
          aria-haspopup="dialog"
          onClick={() => onOpen(index)}
          onKeyDown={moveFocus}
        >
          {target}
        </button>
        {address !== null && <PageLink address={address} />}
      </span>
      <span role="cell">
        <RowBadge status={rows.statusAt(index)} />
      </span>
      {columns.map(({ name, kind }) => (
        <span key={name} role="cell" class={kind === 'number' ? 'number' : 'linked'}>
          <ResultCell cell={rows.cellAt(index, name)} kind={kind} />
        </span>
      ))}
    </>
  );
}

/** A placeholder as wide as a row, so that nothing moves when the row is loaded. */
function Unloaded({ cells }: { readonly cells: number }) {
  return (
    <>
      {Array.from({ length: cells }, (_, at) => (
        <span key={at} role="cell">
          <i class="unloaded" />
        </span>
      ))}
    </>
  );
}

/** The arrow keys move from row to row. */
function moveFocus(event: TargetedKeyboardEvent<HTMLButtonElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const button = event.currentTarget;
  if (step === undefined) return;
  event.preventDefault();
  const place = `[data-at="${Number(button.dataset.at) + step}"]`;
  button.closest('.virtual-table')?.querySelector<HTMLElement>(place)?.focus();
}
