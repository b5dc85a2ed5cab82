import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import './field.css';

/** Connects an input to its label, hint and error. */
interface InputProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** The service's message about the field; null if there is none. */
  readonly error?: string | null | undefined;
  readonly input: (props: InputProps) => ComponentChildren;
}

/** A label, an input, its explanation, and its error. */
export function Field({ label, hint, error = null, input }: FieldProps) {
  const id = useId();
  const notes = [hint !== undefined ? `${id}-hint` : '', error !== null ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class={`field ${error === null ? '' : 'wrong'}`}>
      <label for={id}>{label}</label>
      {input({ id, 'aria-describedby': notes === '' ? undefined : notes, 'aria-invalid': error !== null })}
      {error !== null && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
