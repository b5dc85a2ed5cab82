import { useSignal } from '@preact/signals';
import { Field } from '../../../ui/field.js';
import { MoreOptions } from './more-options.js';
import type { OptionsProps } from './options-props.js';

/** The options of the whole job: the most common ones, and the rest folded away. */
export function Options(props: OptionsProps) {
  const { draft, errors, isPaged, onChange } = props;
  const isOpen = useSignal(false);
  return (
    <>
      <div class="fields">
        <Field
          label="Tag"
          hint="Your name for a series of jobs, whose results can be compared."
          error={errors.of('tag')}
          input={(field) => (
            <input
              {...field}
              type="text"
              placeholder="weekly"
              value={draft.tag}
              onInput={(event) => onChange({ tag: event.currentTarget.value })}
            />
          )}
        />
        {isPaged && <ItemsLimit {...props} />}
        <Budget {...props} />
      </div>
      <details
        class="more-options"
        open={isOpen.value || errors.hasFolded}
        onToggle={(event) => {
          isOpen.value = event.currentTarget.open;
        }}
      >
        <summary>More options</summary>
        <MoreOptions {...props} />
      </details>
    </>
  );
}

function ItemsLimit({ draft, errors, onChange }: OptionsProps) {
  return (
    <Field
      label="Most items per target"
      hint={
        <label class="inline-check">
          <input
            type="checkbox"
            checked={draft.hasAllItems}
            onChange={(event) => onChange({ hasAllItems: event.currentTarget.checked })}
          />
          All that there are; a budget is needed then
        </label>
      }
      error={errors.of('max_items_per_target')}
      input={(field) => (
        <input
          {...field}
          type="text"
          inputmode="numeric"
          placeholder={draft.hasAllItems ? 'all' : '1,000'}
          disabled={draft.hasAllItems}
          value={draft.hasAllItems ? '' : draft.maxItems}
          onInput={(event) => onChange({ maxItems: event.currentTarget.value })}
        />
      )}
    />
  );
}

function Budget({ draft, errors, onChange }: OptionsProps) {
  return (
    <>
      <Field
        label="Budget in US dollars"
        hint="Never exceeded. No limit where it is empty."
        error={errors.of('max_cost_usd')}
        input={(field) => (
          <input
            {...field}
            type="text"
            inputmode="decimal"
            placeholder="No limit"
            value={draft.maxCost}
            onInput={(event) => onChange({ maxCost: event.currentTarget.value })}
          />
        )}
      />
      {(draft.maxCost.trim() !== '' || draft.deadline !== '') && (
        <Field
          label="When the budget is spent"
          error={errors.of('on_budget')}
          input={(field) => (
            <select
              {...field}
              value={draft.onBudget}
              onChange={(event) => onChange({ onBudget: event.currentTarget.value === 'finish' ? 'finish' : 'pause' })}
            >
              <option value="pause">Pause, until I give it more</option>
              <option value="finish">Finish, and skip the rest</option>
            </select>
          )}
        />
      )}
    </>
  );
}
