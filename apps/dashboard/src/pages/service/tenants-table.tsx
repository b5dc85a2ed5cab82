import type { Tenant } from '@linkhaul/schemas';
import { count, usd } from '../../format/numbers.js';
import { Button } from '../../ui/button.js';
import { Listing } from '../../ui/listing.js';
import { Meter } from '../../ui/meter.js';
import { budgetOf } from './tenant-change.js';

const COLUMNS = [
  { words: 'Tenant' },
  { words: 'Budget' },
  { words: 'Requests a minute', isNumber: true, isWide: true },
  { words: 'Weight', isNumber: true, isWide: true },
  { words: 'Actions', isUnseen: true },
];

interface TenantsTableProps {
  readonly tenants: readonly Tenant[];
  readonly onChange: (tenant: Tenant) => void;
}

export function TenantsTable({ tenants, onChange }: TenantsTableProps) {
  return (
    <Listing label="Tenants" columns={COLUMNS}>
      {tenants.map((tenant) => (
        <tr key={tenant.tenant}>
          <td class="key-name">{tenant.tenant}</td>
          <td class="tenant-budget">
            <Budget tenant={tenant} />
          </td>
          <td class="number wide">
            {tenant.requests_per_minute === null ? 'no limit' : count(tenant.requests_per_minute)}
          </td>
          <td class="number wide">{count(tenant.weight)}</td>
          <td class="actions">
            <Button label={`Change the limits of ${tenant.tenant}`} onClick={() => onChange(tenant)}>
              Change
            </Button>
          </td>
        </tr>
      ))}
    </Listing>
  );
}

function Budget({ tenant }: { readonly tenant: Tenant }) {
  const budget = budgetOf(tenant);
  const spent = usd(tenant.committed_usd);
  if (budget === null) return <>{spent} today, no limit</>;
  const words = `${spent} of ${usd(budget.usd)} this ${budget.period}`;
  return (
    <>
      {words}
      <Meter label={`Budget of ${tenant.tenant}`} value={tenant.committed_usd} most={budget.usd} words={words} />
      {budget.isDefault && <span class="under">the default of all tenants</span>}
    </>
  );
}
