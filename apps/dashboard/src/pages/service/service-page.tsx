import { useEffect } from 'preact/hooks';
import { useResource } from '../../service/resource.js';
import { client, hasTenant } from '../../service/session.js';
import { Withheld } from '../../ui/withheld.js';
import { type Caller, readCaller } from './caller.js';
import { CapacityPanel } from './capacity-panel.js';
import { CostPanel } from './cost-panel.js';
import { DeliveriesPanel } from './deliveries-panel.js';
import { KeysPanel } from './keys-panel.js';
import { ProblemsPanel } from './problems-panel.js';
import { Readiness } from './readiness.js';
import { tenantsIn } from './tenant-names.js';
import { TenantsPanel } from './tenants-panel.js';
import { WebhooksPanel } from './webhooks-panel.js';
import './service.css';

const CAPACITY_EVERY_MS = 2000;
const DAY_MS = 86_400_000;
/** The tenants that bought something within this time are listed. Usage goes back 25 months at most. */
const TENANTS_SINCE_DAYS = 365;

/** What the service is doing, what it cost, and what an operator sets. */
export function ServicePage() {
  const capacity = useResource((signal) => client.value.capacity({ signal }), CAPACITY_EVERY_MS);
  const names = useResource(async (signal) => {
    const from = new Date(Date.now() - TENANTS_SINCE_DAYS * DAY_MS).toISOString().slice(0, 10);
    return tenantsIn((await client.value.usage({ groupBy: ['tenant'], from, limit: 1000, signal })).usage);
  });
  const caller = useResource(readCaller).data;
  useEffect(() => {
    document.title = 'Service · Linkhaul';
  }, []);
  const tenants = names.data ?? [];
  return (
    <>
      <header class="page-head">
        <h1>Service</h1>
        <Readiness />
      </header>
      <Withheld error={capacity.error} onRetry={capacity.reload} />
      {capacity.data !== null && <CapacityPanel capacity={capacity.data} />}
      <ProblemsPanel />
      <CostPanel hasTenants={tenants.length > 1} />
      {hasTenant.value && <DeliveriesPanel />}
      {hasTenant.value && caller !== null && <WebhooksPanel maySet={caller.maySet} />}
      {caller?.maySet === true && <KeysPanel tenants={caller.isAdmin ? tenants : null} />}
      {caller?.isAdmin === true && names.data !== null && <TenantsPanel key={tenants.join('\n')} tenants={tenants} />}
      {caller !== null && <LeftOut caller={caller} />}
    </>
  );
}

/** Says which parts this key cannot see, so that nobody looks for them. */
function LeftOut({ caller: { isAdmin, maySet } }: { readonly caller: Caller }) {
  const parts = [
    !hasTenant.value && "Webhooks belong to a tenant: sign in with a tenant's key to see them.",
    !maySet && 'API keys need a key with the scope admin.',
    !isAdmin && "Tenants and their budgets are the operator's: the admin's key shows them.",
  ].filter((part) => part !== false);
  return parts.length === 0 ? null : <p class="quiet">{parts.join(' ')}</p>;
}
