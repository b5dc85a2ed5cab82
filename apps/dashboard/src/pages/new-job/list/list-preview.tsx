import type { EstimateView } from '@linkhaul/schemas';
import { Button } from '../../../ui/button.js';
import type { ListFormat } from './guess.js';
import { type PreviewColumn, previewOf } from './preview.js';
import type { Head } from './read-head.js';
import type { ListRecord } from './records.js';

type Input = EstimateView['input'];
type Column = string | number | null;

interface ListPreviewProps {
  readonly head: Head;
  readonly format: ListFormat;
  /** The service's report of how it read the list; undefined before its first answer. */
  readonly input: Input;
  readonly column: Column;
  readonly idColumn: Column;
  readonly onColumn: (column: string | number) => void;
  readonly onIdColumn: (column: Column) => void;
}

/** The first rows of the list. In a table, a click on a column's name makes it the column of the targets. */
export function ListPreview(props: ListPreviewProps) {
  const { head, format, input, column, idColumn } = props;
  const { columns, rows, hasMore } = previewOf(head, format, input);
  if (rows.length === 0) return null;
  const targetAt = placeOf(columns, column);
  const idAt = placeOf(columns, idColumn);
  const partOf = (place: number) => (place === targetAt ? 'target' : place === idAt ? 'id' : '');
  return (
    <>
      <div class="preview" tabindex={0} role="region" aria-label="The first rows of the list">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                Line
              </th>
              {columns.length === 0 && <th scope="col">Target</th>}
              {columns.map((one, place) => (
                <th key={one.name} scope="col" class={partOf(place)}>
                  <ColumnHead {...props} column={one} part={partOf(place)} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <PreviewRow key={row.line} row={row} input={input} columns={columns.length} partOf={partOf} />
            ))}
          </tbody>
        </table>
      </div>
      {hasMore && <p class="quiet preview-more">The list goes on.</p>}
    </>
  );
}

interface ColumnHeadProps extends Pick<ListPreviewProps, 'onColumn' | 'onIdColumn'> {
  readonly column: PreviewColumn;
  readonly part: string;
}

function ColumnHead({ column, part, onColumn, onIdColumn }: ColumnHeadProps) {
  return (
    <div class="column-head">
      <button
        type="button"
        class="column-name clip"
        aria-pressed={part === 'target'}
        title={part === 'target' ? 'The targets stand in this column' : 'Take the targets from this column'}
        onClick={() => onColumn(column.name)}
      >
        {column.title}
      </button>
      {part === 'target' ? (
        <span class="chip">Targets</span>
      ) : (
        <Button kind="bare" onClick={() => onIdColumn(part === 'id' ? null : column.name)}>
          {part === 'id' ? 'Your ids ×' : 'Use as ids'}
        </Button>
      )}
    </div>
  );
}

interface PreviewRowProps {
  readonly row: ListRecord;
  readonly input: Input;
  /** The number of a table's columns; 0 if each line is one target. */
  readonly columns: number;
  readonly partOf: (place: number) => string;
}

function PreviewRow({ row, input, columns, partOf }: PreviewRowProps) {
  const wrong = input?.invalid_sample.find(({ line }) => line === row.line);
  return (
    <tr class={wrong === undefined ? '' : 'wrong'} title={wrong?.message}>
      <td class="number quiet">{row.line}</td>
      {Array.from({ length: Math.max(1, columns) }, (_, place) => (
        <td key={place} class={columns === 0 ? 'target plain' : partOf(place)}>
          {row.fields[place]}
        </td>
      ))}
    </tr>
  );
}

function placeOf(columns: readonly PreviewColumn[], column: Column): number {
  if (typeof column === 'number') return column - 1;
  return columns.findIndex(({ title }) => title === column?.trim());
}
