import type { ComponentChildren } from 'preact';
import { Button } from '../../../ui/button.js';
import { FieldChoice } from './field-choice.js';
import { type Condition, isMixed } from './filters.js';
import type { ParameterForm } from './parameter-form.js';
import { meaningOf } from './parameter-words.js';

interface FilterBuilderProps {
  readonly title: string;
  readonly form: Extract<ParameterForm, { kind: 'filters' }>;
  readonly error: string | null;
  readonly conditions: readonly Condition[];
  readonly onChange: (conditions: readonly Condition[]) => void;
}

const MOST_CONDITIONS = 8;
const FIRST: Condition = { joint: 'and', field: '', key: '', operator: '>', value: '' };

/** Conditions, one per row, joined by `and` and `or`. A row without a field or value is not sent. */
export function FilterBuilder({ title, form, error, conditions, onChange }: FilterBuilderProps) {
  const change = (place: number, changes: Partial<Condition>) =>
    onChange(conditions.map((one, at) => (at === place ? { ...one, ...changes } : one)));
  return (
    <fieldset class="builder">
      <legend>{title}</legend>
      <p class="field-hint">{meaningOf(form)}</p>
      {conditions.map((condition, place) => (
        <ConditionRow key={place} form={form} condition={condition} place={place} onChange={change}>
          <Button
            kind="bare"
            icon="cross"
            label={`Remove condition ${place + 1}`}
            onClick={() => onChange(conditions.toSpliced(place, 1))}
          >
            {null}
          </Button>
        </ConditionRow>
      ))}
      {isMixed(conditions) && <p class="field-hint">“and” binds tighter than “or”.</p>}
      {error !== null && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      {conditions.length < MOST_CONDITIONS && (
        <Button icon="plus" onClick={() => onChange([...conditions, FIRST])}>
          {conditions.length === 0 ? 'Add a condition' : 'Add another condition'}
        </Button>
      )}
    </fieldset>
  );
}

interface ConditionRowProps {
  readonly form: FilterBuilderProps['form'];
  readonly condition: Condition;
  readonly place: number;
  readonly onChange: (place: number, changes: Partial<Condition>) => void;
  readonly children: ComponentChildren;
}

function ConditionRow({ form, condition, place, onChange, children }: ConditionRowProps) {
  const { joint, operator, value } = condition;
  const isList = operator === 'in' || operator === 'not_in';
  return (
    <div class="builder-row">
      {place === 0 ? (
        <span class="joint quiet">where</span>
      ) : (
        <select
          class="joint"
          aria-label={`Joins condition ${place + 1}`}
          value={joint}
          onChange={(event) => onChange(place, { joint: event.currentTarget.value === 'or' ? 'or' : 'and' })}
        >
          <option value="and">and</option>
          <option value="or">or</option>
        </select>
      )}
      <FieldChoice
        label={`Field of condition ${place + 1}`}
        names={form.fields}
        chosen={condition}
        onChange={(chosen) => onChange(place, chosen)}
      />
      <select
        class="operator"
        aria-label={`Operator of condition ${place + 1}`}
        value={operator}
        onChange={(event) => onChange(place, { operator: event.currentTarget.value })}
      >
        {form.operators.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
      <input
        type="text"
        aria-label={`Value of condition ${place + 1}`}
        placeholder={isList ? 'values, with commas' : operator.includes('like') ? '%part%' : 'value'}
        value={value}
        onInput={(event) => onChange(place, { value: event.currentTarget.value })}
      />
      {children}
    </div>
  );
}
