import { useRef } from 'preact/hooks';
import { Button } from '../../ui/button.js';
import { type Days, GROUPS, type GroupName, lastDays } from './usage-groups.js';

export interface CostQuery {
  readonly name: GroupName;
  readonly metadataKey: string;
  readonly days: Days;
}

interface CostChoicesProps {
  readonly query: CostQuery;
  readonly hasTenants: boolean;
  readonly onChange: (changes: Partial<CostQuery>) => void;
}

const GROUP_WORDS: Readonly<Record<GroupName, string>> = {
  day: 'By day',
  month: 'By month',
  tag: 'By tag',
  endpoint: 'By endpoint',
  tenant: 'By tenant',
  metadata: 'By metadata',
};
const SPANS = [7, 30, 90, 365];
/** The service is asked once nothing was typed for this long. */
const TYPED_FOR_MS = 400;

export function CostChoices({ query, hasTenants, onChange }: CostChoicesProps) {
  const { name, metadataKey, days } = query;
  const typing = useRef<ReturnType<typeof setTimeout>>(undefined);
  return (
    <div class="cost-choices">
      <label>
        <span class="unseen">Group</span>
        <select
          value={name}
          onChange={({ currentTarget: { value } }) =>
            onChange({ name: GROUPS.find((group) => group === value) ?? 'day' })
          }
        >
          {GROUPS.filter((group) => hasTenants || group !== 'tenant').map((group) => (
            <option key={group} value={group}>
              {GROUP_WORDS[group]}
            </option>
          ))}
        </select>
      </label>
      {name === 'metadata' && (
        <input
          type="text"
          aria-label="Metadata field"
          placeholder="customer"
          value={metadataKey}
          onInput={({ currentTarget: { value } }) => {
            clearTimeout(typing.current);
            typing.current = setTimeout(() => onChange({ metadataKey: value.trim() }), TYPED_FOR_MS);
          }}
        />
      )}
      <span class="day-range">
        <input
          type="date"
          aria-label="First day"
          value={days.from}
          onChange={(event) => onChange({ days: { ...days, from: event.currentTarget.value } })}
        />
        <span class="quiet">to</span>
        <input
          type="date"
          aria-label="Last day"
          value={days.until}
          onChange={(event) => onChange({ days: { ...days, until: event.currentTarget.value } })}
        />
      </span>
      <span class="spans">
        {SPANS.map((span) => (
          <Button key={span} kind="bare" onClick={() => onChange({ days: lastDays(span, Date.now()) })}>
            {span} days
          </Button>
        ))}
      </span>
    </div>
  );
}
