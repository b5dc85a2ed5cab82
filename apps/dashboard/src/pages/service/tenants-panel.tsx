import type { Tenant } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useResource } from '../../service/resource.js';
import { client } from '../../service/session.js';
import { Panel } from '../../ui/panel.js';
import { Withheld } from '../../ui/withheld.js';
import { TenantChoice } from './tenant-choice.js';
import { TenantForm } from './tenant-form.js';
import { TenantsTable } from './tenants-table.js';

/** Each tenant takes a request, so only this many are listed. Others can be named. */
const MOST_SHOWN = 25;

/** For the admin: what each tenant may spend, and has spent. */
export function TenantsPanel({ tenants }: { readonly tenants: readonly string[] }) {
  const added = useSignal<readonly string[]>([]);
  const changing = useSignal<Tenant | null>(null);
  const names = [...new Set([...added.value, ...tenants.slice(0, MOST_SHOWN)])];
  const { data, error, reload } = useResource((signal) =>
    Promise.all(
      [...new Set([...added.value, ...tenants.slice(0, MOST_SHOWN)])].map((name) =>
        client.value.tenant(name, { signal }),
      ),
    ),
  );
  return (
    <Panel title="Tenants" note="What each may spend, how often it may ask, and its share of the calls.">
      <TenantChoice
        tenants={tenants}
        action="Show it"
        onChoose={(name) => {
          added.value = [name, ...added.value.filter((other) => other !== name)];
        }}
      />
      <Withheld error={error} onRetry={reload} />
      {data !== null && data.length > 0 && (
        <TenantsTable tenants={data} onChange={(tenant) => (changing.value = tenant)} />
      )}
      {names.length === 0 && <p class="quiet">No tenant has bought anything yet. Name one to limit it.</p>}
      {tenants.length > MOST_SHOWN && <p class="quiet">{MOST_SHOWN} are shown; name any other to see it.</p>}
      {changing.value !== null && (
        <TenantForm
          tenant={changing.value}
          onSaved={reload}
          onClose={() => {
            changing.value = null;
          }}
        />
      )}
    </Panel>
  );
}
