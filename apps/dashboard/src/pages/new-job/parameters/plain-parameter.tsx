import { count } from '../../../format/numbers.js';
import { Checkbox } from '../../../ui/checkbox.js';
import { Field } from '../../../ui/field.js';
import type { ParameterForm } from './parameter-form.js';
import { labelOf, meaningOf, optionWords } from './parameter-words.js';
import type { ParamsDraft } from './params.js';

interface PlainParameterProps {
  readonly form: ParameterForm;
  readonly draft: ParamsDraft;
  readonly error: string | null;
  readonly onChange: (draft: ParamsDraft) => void;
}

/** A parameter with one value, and with its meaning, limits and default. */
export function PlainParameter({ form, draft, error, onChange }: PlainParameterProps) {
  const { name } = form;
  const text = draft.texts[name] ?? '';
  const setText = (typed: string) => onChange({ ...draft, texts: { ...draft.texts, [name]: typed } });
  if (form.kind === 'flag') {
    return (
      <Checkbox
        label={labelOf(name)}
        hint={meaningOf(form)}
        error={error}
        checked={draft.flags[name] ?? form.usual ?? false}
        onChange={(checked) => onChange({ ...draft, flags: { ...draft.flags, [name]: checked } })}
      />
    );
  }
  return (
    <Field
      label={labelOf(name)}
      hint={hintOf(form)}
      error={error}
      input={(props) =>
        form.kind === 'choice' ? (
          <select
            {...props}
            value={text === '' ? (form.usual ?? '') : text}
            onChange={(event) => setText(event.currentTarget.value)}
          >
            {form.usual === null && <option value="">Not set</option>}
            {form.options.map((option) => (
              <option key={option} value={option}>
                {optionWords(option)}
                {option === form.usual ? ' (default)' : ''}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...props}
            type="text"
            inputmode={form.kind === 'number' ? 'numeric' : 'text'}
            placeholder={form.kind === 'number' && form.usual !== null ? count(form.usual) : ''}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        )
      }
    />
  );
}

function hintOf(form: ParameterForm): string {
  if (form.kind !== 'number' || form.most === null) return meaningOf(form);
  return `${meaningOf(form)} From ${count(form.least ?? 0)} to ${count(form.most)}.`;
}
