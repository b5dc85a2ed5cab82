import type { Tenant } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { fieldErrorsOf } from '../../service/errors.js';
import { client } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { say } from '../../ui/toast.js';
import { changeOf, type TenantTexts, textsOf } from './tenant-change.js';

interface TenantFormProps {
  readonly tenant: Tenant;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

export function TenantForm({ tenant, onSaved, onClose }: TenantFormProps) {
  const texts = useSignal<TenantTexts>(textsOf(tenant));
  const errors = useSignal<ReadonlyMap<string, string>>(new Map());
  const isBusy = useSignal(false);
  const change = (part: Partial<TenantTexts>) => {
    texts.value = { ...texts.value, ...part };
  };
  const save = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    try {
      await client.value.setTenant(tenant.tenant, changeOf(texts.value));
      say(`The limits of ${tenant.tenant} hold from now on.`);
      onSaved();
      onClose();
    } catch (refusal) {
      errors.value = fieldErrorsOf(refusal);
    }
    isBusy.value = false;
  };
  const { budget, period, requests, weight } = texts.value;
  return (
    <Dialog title={`Limits of ${tenant.tenant}`} onClose={onClose}>
      <form class="confirm" onSubmit={save}>
        <Amount
          label="Budget, in US dollars"
          hint="Empty: the default of all tenants. When it is spent, the tenant's jobs pause until the next period."
          step="any"
          value={budget}
          error={errors.value.get('budget_usd') ?? errors.value.get('')}
          onInput={(text) => change({ budget: text })}
        />
        <Field
          label="Budget of a"
          hint="By UTC."
          error={errors.value.get('period')}
          input={(props) => (
            <select
              {...props}
              value={period}
              onChange={(event) => change({ period: event.currentTarget.value === 'month' ? 'month' : 'day' })}
            >
              <option value="day">day</option>
              <option value="month">month</option>
            </select>
          )}
        />
        <Amount
          label="Requests a minute"
          hint="Of the API, over all its keys. Empty: no limit."
          step="1"
          value={requests}
          error={errors.value.get('requests_per_minute')}
          onInput={(text) => change({ requests: text })}
        />
        <Amount
          label="Weight"
          hint="How many calls it sends for each call of a tenant of weight 1, while both have some to send. 1 to 100."
          step="1"
          value={weight}
          error={errors.value.get('weight')}
          onInput={(text) => change({ weight: text })}
        />
        <div class="dialog-actions">
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" kind="primary" isBusy={isBusy.value}>
            Set the limits
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface AmountProps {
  readonly label: string;
  readonly hint: string;
  readonly step: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onInput: (text: string) => void;
}

function Amount({ label, hint, step, value, error, onInput }: AmountProps) {
  return (
    <Field
      label={label}
      hint={hint}
      error={error}
      input={(props) => (
        <input
          {...props}
          type="number"
          min="0"
          step={step}
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    />
  );
}
