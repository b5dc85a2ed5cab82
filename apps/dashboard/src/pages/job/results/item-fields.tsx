import { count } from '../../../format/numbers.js';
import { localTime } from '../../../format/times.js';
import { timeOf } from './kept-cells.js';
import { entryName, LinkedText } from './result-cell.js';
import { countsOf } from './shapes.js';

type Fields = Readonly<Record<string, unknown>>;

/** How many entries are shown; the rest are only counted. The JSON below has them all. */
const MOST_ENTRIES = 8;
const MOST_DEPTH = 3;

/** Each field with the upstream's name: plain fields first, then maps as bars, then nested objects. */
export function ItemFields({ item, depth = 0 }: { readonly item: Fields; readonly depth?: number }) {
  const entries = Object.entries(item);
  const nested = entries.filter(([, value]) => isFields(value));
  return (
    <>
      <dl class="pairs">
        {entries
          .filter(([, value]) => !isFields(value))
          .map(([name, value]) => (
            <div key={name}>
              <dt class="mono">{name}</dt>
              <dd class="linked">
                <PlainValue value={value} />
              </dd>
            </div>
          ))}
      </dl>
      {nested.map(([name, value]) => (
        <section key={name} class="item-part">
          <h4 class="mono">{name}</h4>
          {isFields(value) && <Nested fields={value} depth={depth} />}
        </section>
      ))}
    </>
  );
}

function Nested({ fields, depth }: { readonly fields: Fields; readonly depth: number }) {
  const entries = Object.entries(fields);
  const counts = countsOf(entries);
  if (entries.length === 0) return <p class="quiet">empty</p>;
  if (counts.length === entries.length) return <Bars counts={counts} />;
  // Deeper levels are shown only in the JSON: endless nesting would be unreadable.
  return depth < MOST_DEPTH ? <ItemFields item={fields} depth={depth + 1} /> : <p class="quiet">in the JSON below</p>;
}

function Bars({ counts }: { readonly counts: readonly (readonly [string, number])[] }) {
  const most = Math.max(1, counts[0]?.[1] ?? 0);
  const others = counts.length - MOST_ENTRIES;
  return (
    <ul class="bars">
      {counts.slice(0, MOST_ENTRIES).map(([name, value]) => (
        <li key={name}>
          <span class="clip">{entryName(name)}</span>
          <span class="bar">
            <i style={{ width: `${Math.max(1, (100 * value) / most)}%` }} />
          </span>
          <span class="number">{count(value)}</span>
        </li>
      ))}
      {others > 0 && <li class="quiet">{count(others)} more</li>}
    </ul>
  );
}

function PlainValue({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined) return <span class="quiet">null</span>;
  if (typeof value === 'number') return <>{count(value)}</>;
  if (typeof value !== 'string') return <LinkedText text={JSON.stringify(value)} />;
  if (value === '') return <span class="quiet">empty text</span>;
  const time = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(value) ? timeOf(value) : Number.NaN;
  return Number.isNaN(time) ? <LinkedText text={value} /> : <time title={value}>{localTime(time)}</time>;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
