import { Checkbox } from '../../../ui/checkbox.js';
import { Field } from '../../../ui/field.js';
import { MetadataPairs } from './metadata-pairs.js';
import type { OptionsProps } from './options-props.js';

export function MoreOptions(props: OptionsProps) {
  const { draft, errors, onChange } = props;
  return (
    <div class="fields">
      <ReusedAge {...props} />
      <Field
        label="Deadline"
        hint="In your own time zone. Then the job does what it does when its budget is spent."
        error={errors.of('deadline')}
        input={(field) => (
          <input
            {...field}
            type="datetime-local"
            value={draft.deadline}
            onInput={(event) => onChange({ deadline: event.currentTarget.value })}
          />
        )}
      />
      <Field
        label="Webhook"
        hint="Gets a signed message when the job completes, fails or is paused."
        error={errors.of('webhook.url') ?? errors.of('webhook')}
        input={(field) => (
          <input
            {...field}
            type="url"
            placeholder="https://"
            value={draft.webhook}
            onInput={(event) => onChange({ webhook: event.currentTarget.value })}
          />
        )}
      />
      <Field
        label="Targets are taken"
        error={errors.of('target_as')}
        input={(field) => (
          <select
            {...field}
            value={draft.targetAs}
            onChange={({ currentTarget: { value } }) =>
              onChange({ targetAs: value === 'host' || value === 'domain' ? value : 'given' })
            }
          >
            <option value="given">As they stand: pages and domains</option>
            <option value="host">By host: www.example.com/a is example.com</option>
            <option value="domain">By registrable domain: blog.example.com is example.com</option>
          </select>
        )}
      />
      <Field
        label="Days to keep the job"
        error={errors.of('retention_days')}
        hint="After its end. The service's own number where it is empty."
        input={(field) => (
          <input
            {...field}
            type="text"
            inputmode="numeric"
            value={draft.retentionDays}
            onInput={(event) => onChange({ retentionDays: event.currentTarget.value })}
          />
        )}
      />
      <Checks draft={draft} onChange={onChange} />
      <MetadataPairs
        pairs={draft.metadata}
        error={errors.of('metadata')}
        onChange={(metadata) => onChange({ metadata })}
      />
    </div>
  );
}

function Checks({ draft, onChange }: Pick<OptionsProps, 'draft' | 'onChange'>) {
  return (
    <div class="checks">
      <Checkbox
        label="Refuse the list if a row is invalid"
        hint="Otherwise invalid rows are left out, and the rest runs."
        checked={draft.onInvalid === 'reject'}
        onChange={(isChecked) => onChange({ onInvalid: isChecked ? 'reject' : 'skip' })}
      />
      <Checkbox
        label="Wait before it starts"
        hint="The job is priced and paused until you resume it."
        checked={draft.isManual}
        onChange={(isManual) => onChange({ isManual })}
      />
      <Checkbox
        label="Keep www."
        hint="A leading www. of a bare host belongs to the target."
        checked={draft.keepsWww}
        onChange={(keepsWww) => onChange({ keepsWww })}
      />
    </div>
  );
}

function ReusedAge({ draft, errors, onChange }: OptionsProps) {
  return (
    <Field
      label="Reuse answers up to"
      hint="Such as 12h or 7d: rows with a stored answer that is not older cost nothing."
      error={errors.of('max_age')}
      input={(field) => (
        <input
          {...field}
          type="text"
          value={draft.maxAge}
          onInput={(event) => onChange({ maxAge: event.currentTarget.value })}
        />
      )}
    />
  );
}
