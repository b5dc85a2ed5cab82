import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { type Shown, shownRows } from './shown-rows.js';
import './virtual-table.css';

interface VirtualTableProps {
  readonly count: number;
  /** The height of each row, in pixels. */
  readonly rowHeight: number;
  /** The table's name for screen readers. */
  readonly label: string;
  /** The widths of the columns, in the form of `grid-template-columns`. */
  readonly columns: string;
  /** Cells of the head, each a `role="columnheader"`. The head stays at the top while the rows scroll. */
  readonly head: ComponentChildren;
  /** Cells of a row, each a `role="cell"`. */
  readonly row: (index: number) => ComponentChildren;
  /** Called with the rows that are shown, so that the next ones can be loaded. */
  readonly onShown?: (first: number, last: number) => void;
}

/** Any number of rows of equal height. Only rows in sight are in the document. */
export function VirtualTable(props: VirtualTableProps) {
  const { count, rowHeight, label, columns, head, row, onShown } = props;
  const area = useRef<HTMLDivElement>(null);
  const headRow = useRef<HTMLDivElement>(null);
  const view = useSignal({ top: 0, height: 0 });
  useLayoutEffect(() => {
    const element = area.current;
    if (element === null) return undefined;
    const look = () => {
      // The head covers part of the area, wherever the rows are scrolled to.
      view.value = { top: element.scrollTop, height: element.clientHeight - (headRow.current?.offsetHeight ?? 0) };
    };
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);
  const shown = shownRows({ count, rowHeight, ...view.value });
  useEffect(() => onShown?.(shown.first, shown.last), [shown.first, shown.last, count]);
  return (
    <div class="virtual-table" ref={area} role="table" aria-label={label} aria-rowcount={count + 1} tabindex={0}>
      <div class="virtual-head" ref={headRow} role="row" style={{ gridTemplateColumns: columns }}>
        {head}
      </div>
      <div class="virtual-space" role="rowgroup" style={{ height: `${shown.height}px` }}>
        {indexes(shown).map((index) => (
          <div
            key={index}
            class="virtual-row"
            role="row"
            aria-rowindex={index + 2}
            style={{ height: `${rowHeight}px`, top: `${shown.topOf(index)}px`, gridTemplateColumns: columns }}
          >
            {row(index)}
          </div>
        ))}
      </div>
    </div>
  );
}

function indexes({ first, last }: Shown): number[] {
  return Array.from({ length: Math.max(0, last - first) }, (_, step) => first + step);
}
