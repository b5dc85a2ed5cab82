import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { Button } from '../../ui/button.js';

interface TenantChoiceProps {
  readonly tenants: readonly string[];
  readonly action: string;
  readonly onChoose: (name: string) => void;
}

/** Chooses a tenant by name. Those that bought something are offered; a new one can be typed. */
export function TenantChoice({ tenants, action, onChoose }: TenantChoiceProps) {
  const typed = useSignal('');
  const id = useId();
  return (
    <form
      class="tenant-choice"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(typed.value.trim());
      }}
    >
      <input
        type="text"
        list={id}
        required
        aria-label="Tenant"
        placeholder="Tenant"
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
      />
      <datalist id={id}>
        {tenants.map((tenant) => (
          <option key={tenant} value={tenant} />
        ))}
      </datalist>
      <Button type="submit">{action}</Button>
    </form>
  );
}
