import type { FormErrors } from '../errors.js';
import { FilterBuilder } from './filter-builder.js';
import { OrderBuilder } from './order-builder.js';
import type { ParameterForm } from './parameter-form.js';
import { labelOf } from './parameter-words.js';
import type { ParamsDraft } from './params.js';
import { PlainParameter } from './plain-parameter.js';
import './parameters.css';

interface ParametersProps {
  readonly forms: readonly ParameterForm[];
  readonly draft: ParamsDraft;
  readonly errors: FormErrors;
  readonly onChange: (draft: ParamsDraft) => void;
}

/** The endpoint's own parameters, each with the control that its schema needs. */
export function Parameters({ forms, draft, errors, onChange }: ParametersProps) {
  if (forms.length === 0) return <p class="quiet">This endpoint has no parameters.</p>;
  const plain = forms.filter(({ kind }) => kind !== 'filters' && kind !== 'order');
  return (
    <div class="parameters">
      <div class="fields">
        {plain.map((form) => (
          <PlainParameter
            key={form.name}
            form={form}
            draft={draft}
            error={errors.of(`params.${form.name}`)}
            onChange={onChange}
          />
        ))}
      </div>
      {forms.map((form) => (
        <Rows key={form.name} form={form} draft={draft} error={errors.of(`params.${form.name}`)} onChange={onChange} />
      ))}
    </div>
  );
}

interface RowsProps extends Pick<ParametersProps, 'draft' | 'onChange'> {
  readonly form: ParameterForm;
  readonly error: string | null;
}

/** The controls with any number of rows: filters and sorting. */
function Rows({ form, draft, error, onChange }: RowsProps) {
  const { name } = form;
  if (form.kind === 'filters') {
    return (
      <FilterBuilder
        title={labelOf(name)}
        form={form}
        error={error}
        conditions={draft.filters[name] ?? []}
        onChange={(conditions) => onChange({ ...draft, filters: { ...draft.filters, [name]: conditions } })}
      />
    );
  }
  if (form.kind !== 'order') return null;
  return (
    <OrderBuilder
      title={labelOf(name)}
      form={form}
      error={error}
      rules={draft.orders[name] ?? []}
      onChange={(rules) => onChange({ ...draft, orders: { ...draft.orders, [name]: rules } })}
    />
  );
}
