import type { KeyScope, NewApiKey } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { fieldErrorsOf } from '../../service/errors.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Field } from '../../ui/field.js';
import { SCOPE_WORDS, SCOPES } from './scope-words.js';

interface NewKeyFormProps {
  readonly onCreate: (key: NewApiKey) => Promise<void>;
  readonly onClose: () => void;
}

export function NewKeyForm({ onCreate, onClose }: NewKeyFormProps) {
  const name = useSignal('');
  const scope = useSignal<KeyScope>('submit');
  const isBusy = useSignal(false);
  const errors = useSignal<ReadonlyMap<string, string>>(new Map());
  const create = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    try {
      await onCreate({ name: name.value.trim(), scope: scope.value });
    } catch (refusal) {
      errors.value = fieldErrorsOf(refusal);
    }
    isBusy.value = false;
  };
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form class="confirm" onSubmit={create}>
        <Field
          label="Name"
          hint="To tell it from the others."
          error={errors.value.get('name') ?? errors.value.get('')}
          input={(props) => (
            <input
              {...props}
              type="text"
              required
              maxlength={100}
              value={name.value}
              onInput={(event) => {
                name.value = event.currentTarget.value;
              }}
            />
          )}
        />
        <fieldset class="scopes">
          <legend>May do</legend>
          {SCOPES.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="scope"
                checked={scope.value === one}
                onChange={() => {
                  scope.value = one;
                }}
              />
              <span>
                {SCOPE_WORDS[one].title}
                <span class="under">{SCOPE_WORDS[one].says}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <div class="dialog-actions">
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" kind="primary" isBusy={isBusy.value}>
            Make the key
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
