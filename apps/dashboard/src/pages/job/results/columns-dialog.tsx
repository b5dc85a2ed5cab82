import type { EndpointName } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { Button } from '../../../ui/button.js';
import { Dialog } from '../../../ui/dialog.js';
import { columnsOf, firstShown } from './result-columns.js';

interface ColumnsDialogProps {
  readonly endpoint: EndpointName;
  readonly shown: readonly string[];
  readonly onChoose: (names: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Chooses the columns of the table. The browser remembers the choice for each endpoint. */
export function ColumnsDialog({ endpoint, shown, onChoose, onClose }: ColumnsDialogProps) {
  const names = useSignal(shown);
  const choose = (event: Event) => {
    event.preventDefault();
    onChoose(names.value);
    onClose();
  };
  const change = (name: string, isShown: boolean) => {
    names.value = isShown ? [...names.value, name] : names.value.filter((other) => other !== name);
  };
  return (
    <Dialog title="Columns" onClose={onClose}>
      <form class="columns-form" onSubmit={choose}>
        <fieldset class="columns-list">
          <legend class="unseen">Shown columns</legend>
          {columnsOf(endpoint).map(({ name }) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={names.value.includes(name)}
                onChange={(event) => change(name, event.currentTarget.checked)}
              />
              <span class="mono">{name.replace(/^data\./, '')}</span>
            </label>
          ))}
        </fieldset>
        <div class="dialog-actions">
          <Button
            kind="bare"
            onClick={() => {
              names.value = firstShown(endpoint);
            }}
          >
            As at first
          </Button>
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" kind="primary">
            Show {names.value.length} columns
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
