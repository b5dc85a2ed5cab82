import { Button } from '../../../ui/button.js';
import { FieldChoice } from './field-choice.js';
import type { OrderRule } from './filters.js';
import type { ParameterForm } from './parameter-form.js';
import { meaningOf } from './parameter-words.js';

interface OrderBuilderProps {
  readonly title: string;
  readonly form: Extract<ParameterForm, { kind: 'order' }>;
  readonly error: string | null;
  readonly rules: readonly OrderRule[];
  readonly onChange: (rules: readonly OrderRule[]) => void;
}

/** The order of the items, by one or more fields. */
export function OrderBuilder({ title, form, error, rules, onChange }: OrderBuilderProps) {
  const change = (place: number, changes: Partial<OrderRule>) =>
    onChange(rules.map((one, at) => (at === place ? { ...one, ...changes } : one)));
  return (
    <fieldset class="builder">
      <legend>{title}</legend>
      <p class="field-hint">{meaningOf(form)}</p>
      {rules.map((rule, place) => (
        <div class="builder-row" key={place}>
          <span class="joint quiet">{place === 0 ? 'by' : 'then'}</span>
          <FieldChoice
            label={`Field ${place + 1} of the order`}
            names={form.fields}
            chosen={rule}
            onChange={(chosen) => change(place, chosen)}
          />
          <select
            class="operator"
            aria-label={`Direction ${place + 1}`}
            value={rule.direction}
            onChange={(event) => change(place, { direction: event.currentTarget.value === 'asc' ? 'asc' : 'desc' })}
          >
            <option value="desc">largest first</option>
            <option value="asc">smallest first</option>
          </select>
          <Button
            kind="bare"
            icon="cross"
            label={`Remove field ${place + 1} of the order`}
            onClick={() => onChange(rules.toSpliced(place, 1))}
          >
            {null}
          </Button>
        </div>
      ))}
      {error !== null && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      {rules.length < form.most && (
        <Button icon="plus" onClick={() => onChange([...rules, { field: '', key: '', direction: 'desc' }])}>
          {rules.length === 0 ? 'Add an order' : 'Add another field'}
        </Button>
      )}
    </fieldset>
  );
}
