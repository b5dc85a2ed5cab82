import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Trouble } from './trouble.js';

interface ConfirmProps {
  readonly title: string;
  /** What the action does, and what of it cannot be taken back. */
  readonly children: ComponentChildren;
  readonly action: string;
  readonly isDanger?: boolean;
  /** The window stays, with what the service said, if this rejects. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  /** True if a field of the window says what was refused, so that it is not said twice. */
  readonly onRefusal?: (refusal: unknown) => boolean;
}

/** Asks before an action that costs money or takes something away. */
export function Confirm(props: ConfirmProps) {
  const { title, children, action, isDanger = false, onConfirm, onClose, onRefusal } = props;
  const isBusy = useSignal(false);
  const error = useSignal<unknown>(null);
  const confirm = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    try {
      await onConfirm();
      onClose();
    } catch (refusal) {
      error.value = onRefusal?.(refusal) === true ? null : refusal;
      isBusy.value = false;
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="confirm" onSubmit={confirm}>
        {children}
        <Trouble error={error.value} />
        <div class="dialog-actions">
          <Button onClick={onClose}>Back</Button>
          <Button type="submit" kind={isDanger ? 'danger' : 'primary'} isBusy={isBusy.value}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
