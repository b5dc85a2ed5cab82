import type { Change } from '@linkhaul/schemas';
import { signed } from '../../format/numbers.js';
import { VirtualTable } from '../../ui/virtual-table.js';
import { moveOf } from './changes.js';
import { fieldWords, KIND_WORDS, valueWords } from './diff-words.js';

const ROW_PX = 44;

interface DiffTableProps {
  readonly changes: readonly Change[];
  readonly fields: readonly string[];
  /** The field by whose change the rows are sorted; null for the list's order. */
  readonly sortedBy: string | null;
  readonly onSort: (field: string) => void;
}

/** The values before and after, and the difference, of each chosen field. Only rows in sight are drawn. */
export function DiffTable({ changes, fields, sortedBy, onSort }: DiffTableProps) {
  return (
    <div class="diff-table">
      <VirtualTable
        label="Changes"
        count={changes.length}
        rowHeight={ROW_PX}
        columns={`var(--kind-track) var(--target-track) repeat(${fields.length}, var(--field-track))`}
        head={
          <>
            <span role="columnheader">Change</span>
            <span role="columnheader">Target</span>
            {fields.map((field) => (
              <span key={field} role="columnheader" class="number" aria-sort={field === sortedBy ? 'other' : 'none'}>
                <button type="button" title={`Order by ${field}`} onClick={() => onSort(field)}>
                  {fieldWords(field)}
                  {field === sortedBy && ' ↓'}
                </button>
              </span>
            ))}
          </>
        }
        row={(index) => {
          const change = changes[index];
          return change === undefined ? null : <Cells change={change} fields={fields} />;
        }}
      />
    </div>
  );
}

function Cells({ change, fields }: { readonly change: Change; readonly fields: readonly string[] }) {
  const { title, tone } = KIND_WORDS[change.change];
  const [target = change.input, ...item] = Object.values(change.key).filter((part) => part !== null);
  return (
    <>
      <span role="cell">
        <span class={`badge ${tone}`}>
          <i aria-hidden="true" />
          {title}
        </span>
      </span>
      <span role="cell" class="change-key" title={[target, ...item].join(' · ')}>
        <span class="clip">{target}</span>
        {item.length > 0 && <span class="clip quiet">{item.join(' · ')}</span>}
      </span>
      {fields.map((field) => (
        <FieldCell key={field} change={change} field={field} />
      ))}
    </>
  );
}

function FieldCell({ change, field }: { readonly change: Change; readonly field: string }) {
  const before = change.before?.[field];
  const after = change.after?.[field];
  const hasBoth = change.before !== null && change.after !== null;
  const move = moveOf(change, field) ?? 0;
  return (
    <span role="cell" class="number change-field">
      {hasBoth && before === after ? (
        <span class="quiet">{valueWords(after)}</span>
      ) : (
        <>
          {change.before !== null && <span class="quiet">{valueWords(before)} → </span>}
          {(change.before !== null || change.after !== null) && valueWords(after)}
        </>
      )}
      <span class={`move ${move > 0 ? 'up' : 'down'}`}>{move !== 0 && signed(move)}</span>
    </span>
  );
}
