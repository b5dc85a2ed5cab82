import { useSignal } from '@preact/signals';
import { saveFile } from '../../service/save-file.js';
import { client } from '../../service/session.js';
import { Panel } from '../../ui/panel.js';
import { SaveButton } from '../../ui/save-button.js';
import { CostChoices, type CostQuery } from './cost-choices.js';
import { CostView } from './cost-view.js';
import { groupOf, isRange, lastDays, rangeOf } from './usage-groups.js';

const DAYS_AT_FIRST = 30;

/** What was bought, by day, tag, endpoint, tenant or metadata. */
export function CostPanel({ hasTenants }: { readonly hasTenants: boolean }) {
  const query = useSignal<CostQuery>({ name: 'day', metadataKey: '', days: lastDays(DAYS_AT_FIRST, Date.now()) });
  const { name, metadataKey, days } = query.value;
  const group = isRange(days) ? groupOf(name, metadataKey) : null;
  const save = async () => {
    if (group === null) return;
    const body = await client.value.downloadUsage({ ...rangeOf(days), groupBy: [group], spreadsheet: true });
    await saveFile(`usage-${group}-${days.from}-${days.until}.csv`, body);
  };
  return (
    <Panel
      title="Cost"
      note="By the time of the call. Days are those of UTC. What was bought stays here when its jobs are gone."
      actions={group !== null && <SaveButton onSave={save}>CSV</SaveButton>}
    >
      <CostChoices
        query={query.value}
        hasTenants={hasTenants}
        onChange={(changes) => {
          query.value = { ...query.value, ...changes };
        }}
      />
      {group === null ? (
        <p class="quiet">
          {isRange(days) ? 'Name the metadata field to group by.' : 'Choose a first day that is not after the last.'}
        </p>
      ) : (
        <CostView key={`${group} ${days.from} ${days.until}`} group={group} days={days} />
      )}
    </Panel>
  );
}
