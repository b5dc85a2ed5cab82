import { LinkhaulProblem } from '@linkhaul/client/browser';
import { useSignal } from '@preact/signals';
import { isForbidden } from '../../service/errors.js';
import { useResource } from '../../service/resource.js';
import { client } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { Panel } from '../../ui/panel.js';
import { Withheld } from '../../ui/withheld.js';
import { type KeyAction, KeyDialogs } from './key-dialogs.js';
import { KeysTable } from './keys-table.js';
import { TenantChoice } from './tenant-choice.js';

interface KeysPanelProps {
  /** The tenants that the admin may choose from. Null for anyone else, who sees the keys of one tenant only. */
  readonly tenants: readonly string[] | null;
}

/** The keys of the caller's tenant, or of the one that the admin names. */
export function KeysPanel({ tenants }: KeysPanelProps) {
  const tenant = useSignal<string | null>(null);
  const action = useSignal<KeyAction | null>(null);
  const { data, error, reload } = useResource((signal) =>
    client.value.keys({ signal, ...(tenant.value !== null && { tenant: tenant.value }) }),
  );
  // The admin's key belongs to no tenant, so no keys can be listed before a tenant is named.
  const isUnnamed = tenant.value === null && error instanceof LinkhaulProblem && error.status === 422;
  const isShown = data !== null && error === null;
  return (
    <Panel
      title="API keys"
      note="Those that the operator has set in the environment are not among them."
      actions={
        isShown && (
          <Button icon="plus" onClick={() => (action.value = { type: 'create' })}>
            New key
          </Button>
        )
      }
    >
      {tenants !== null && !isForbidden(error) && (
        <TenantChoice tenants={tenants} action="Show its keys" onChoose={(name) => (tenant.value = name)} />
      )}
      {isUnnamed ? <p class="quiet">Name a tenant to see its keys.</p> : <Withheld error={error} onRetry={reload} />}
      {isShown && <KeysTable keys={data} onAct={(next) => (action.value = next)} />}
      {action.value !== null && (
        <KeyDialogs
          action={action.value}
          tenant={tenant.value}
          onChange={reload}
          onClose={() => {
            action.value = null;
          }}
        />
      )}
    </Panel>
  );
}
