import type { Signal } from '@preact/signals';
import { Icon } from '../../../ui/icon.js';
import type { CellKind, ResultColumn } from './result-columns.js';
import type { Sort } from './row-order.js';

interface HeadProps {
  readonly columns: readonly ResultColumn[];
  readonly sort: Signal<Sort | null>;
}

/** The cells of the head. Each sorts the table, except those of maps and lists. */
export function ResultsHead({ columns, sort }: HeadProps) {
  return (
    <>
      <HeadCell name="line" title="Line" kind="number" sort={sort} />
      <HeadCell name="target" title="Target" kind="text" sort={sort} />
      <span role="columnheader">Outcome</span>
      {columns.map(({ name, title, kind }) => (
        <HeadCell key={name} name={name} title={title} kind={kind} sort={sort} />
      ))}
    </>
  );
}

interface HeadCellProps {
  readonly name: string;
  readonly title: string;
  readonly kind: CellKind;
  readonly sort: Signal<Sort | null>;
}

function HeadCell({ name, title, kind, sort }: HeadCellProps) {
  const shownName = name.replace(/^data\./, '');
  if (kind === 'shape') {
    return (
      <span role="columnheader" title={shownName}>
        {title}
      </span>
    );
  }
  const direction = sort.value?.by === name ? (sort.value.isDescending ? 'descending' : 'ascending') : 'none';
  return (
    <span role="columnheader" class={kind === 'number' ? 'number' : ''} aria-sort={direction}>
      <button
        type="button"
        class={`sort ${direction}`}
        title={shownName}
        onClick={() => {
          sort.value = nextSort(sort.value, name, kind);
        }}
      >
        {title}
        <Icon name="down" />
      </button>
    </span>
  );
}

/** Numbers start with the largest, texts and lines with the first. The third click restores the service's own order. */
function nextSort(sort: Sort | null, name: string, kind: CellKind): Sort | null {
  const first = (kind === 'number' && name !== 'line') || kind === 'time';
  if (sort?.by !== name) return { by: name, isDescending: first };
  return sort.isDescending === first ? { by: name, isDescending: !first } : null;
}
