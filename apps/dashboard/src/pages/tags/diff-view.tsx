import type { DiffSummary } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { count, counted } from '../../format/numbers.js';
import { fieldsByUse, type Kind, type Order, shownChanges } from './changes.js';
import { DiffTable } from './diff-table.js';
import { fieldWords, KIND_WORDS, ORDER_WORDS } from './diff-words.js';
import type { OpenDiff } from './open-diff.js';

const KINDS: readonly Kind[] = ['new', 'lost', 'changed', 'same', 'unknown', 'removed'];
const ORDERS: readonly Order[] = ['largest', 'gains', 'losses', 'list'];
/** More columns would hide the target. Others can be chosen. */
const FIELDS_AT_FIRST = 3;

interface DiffViewProps {
  readonly summary: DiffSummary;
  readonly state: OpenDiff['state']['value'];
}

/** The counts, then the changes, with the largest moves first. */
export function DiffView({ summary, state: { changes, isWhole, isLoading } }: DiffViewProps) {
  const kinds = useSignal<ReadonlySet<Kind>>(new Set());
  const text = useSignal('');
  const order = useSignal<Order>('largest');
  const chosen = useSignal<readonly string[] | null>(null);
  const byUse = useMemo(() => fieldsByUse(summary.fields, changes), [summary, changes]);
  const fields = chosen.value ?? byUse.slice(0, FIELDS_AT_FIRST);
  const sortedBy = useSignal<string | null>(null);
  const field = fields.find((name) => name === sortedBy.value) ?? fields[0] ?? '';
  const shown = useMemo(
    () => shownChanges(changes, { kinds: kinds.value, text: text.value, field, order: order.value }),
    [changes, kinds.value, text.value, field, order.value],
  );
  return (
    <>
      <Counts summary={summary} chosen={kinds.value} onChange={(next) => (kinds.value = next)} />
      {summary.counts.same > 0 && changes.length === 0 && !isLoading && (
        <p class="quiet">Nothing differs between these two runs.</p>
      )}
      {changes.length > 0 && (
        <>
          <div class="diff-tools">
            <input
              type="search"
              aria-label="Search the changes by target"
              placeholder="Search targets"
              value={text.value}
              onInput={(event) => (text.value = event.currentTarget.value)}
            />
            <OrderChoice chosen={order.value} field={field} onChange={(next) => (order.value = next)} />
            <FieldChoice all={byUse} chosen={fields} onChange={(next) => (chosen.value = next)} />
            <span class="quiet" role="status">
              {counted(shown.length, 'change')}
              {isLoading && ', more are coming'}
              {!isWhole && '; there are more: the files have all'}
            </span>
          </div>
          <DiffTable
            changes={shown}
            fields={fields}
            sortedBy={order.value === 'list' ? null : field}
            onSort={(name) => (sortedBy.value = name)}
          />
        </>
      )}
    </>
  );
}

interface CountsProps {
  readonly summary: DiffSummary;
  readonly chosen: ReadonlySet<Kind>;
  readonly onChange: (chosen: ReadonlySet<Kind>) => void;
}

/** The number of changes of each kind. Pressed kinds are shown; if none is pressed, all are. */
function Counts({ summary: { counts }, chosen, onChange }: CountsProps) {
  return (
    <fieldset class="diff-counts">
      <legend class="unseen">Kinds of change that are shown</legend>
      {KINDS.map((kind) => {
        const { title, says, tone } = KIND_WORDS[kind];
        const isListed = kind !== 'same' && counts[kind] > 0;
        return (
          <button
            key={kind}
            type="button"
            disabled={!isListed}
            aria-pressed={isListed ? chosen.has(kind) : undefined}
            onClick={() => onChange(toggled(chosen, kind))}
          >
            <span class={`badge ${tone}`}>
              <i aria-hidden="true" />
              {title}
            </span>
            <strong>{count(counts[kind])}</strong>
            <span class="quiet">{says}</span>
          </button>
        );
      })}
    </fieldset>
  );
}

function toggled(chosen: ReadonlySet<Kind>, kind: Kind): ReadonlySet<Kind> {
  return new Set(chosen.has(kind) ? [...chosen].filter((other) => other !== kind) : [...chosen, kind]);
}

interface OrderChoiceProps {
  readonly chosen: Order;
  readonly field: string;
  readonly onChange: (order: Order) => void;
}

function OrderChoice({ chosen, field, onChange }: OrderChoiceProps) {
  return (
    <label>
      <span class="unseen">Order by {fieldWords(field)}</span>
      <select
        value={chosen}
        onChange={({ currentTarget: { value } }) => onChange(ORDERS.find((order) => order === value) ?? 'largest')}
      >
        {ORDERS.map((order) => (
          <option key={order} value={order}>
            {ORDER_WORDS[order]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface FieldChoiceProps {
  readonly all: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (fields: readonly string[]) => void;
}

/** Closes by itself when the focus leaves it. */
function FieldChoice({ all, chosen, onChange }: FieldChoiceProps) {
  if (all.length < 2) return null;
  return (
    <details
      class="field-choice"
      onFocusOut={({ currentTarget, relatedTarget }) => {
        const isInside = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
        if (!isInside) currentTarget.open = false;
      }}
    >
      <summary class="button">
        Fields: {chosen.length} of {all.length}
      </summary>
      <ul tabindex={-1}>
        {all.map((name) => (
          <li key={name}>
            <label>
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                disabled={chosen.length === 1 && chosen.includes(name)}
                onChange={() =>
                  onChange(chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name])
                }
              />
              {fieldWords(name)}
            </label>
          </li>
        ))}
      </ul>
    </details>
  );
}
