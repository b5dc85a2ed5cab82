import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Trouble } from './trouble.js';

interface ConfirmProps {
  readonly title: string;
  /** What the action does, and what cannot be undone. */
  readonly children: ComponentChildren;
  readonly action: string;
  readonly isDanger?: boolean;
  /** If this rejects, the window stays and shows the service's message. */
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
  /** Returns true if a field of the window shows the refusal, which is then not shown a second time. */
  readonly onRefusal?: (refusal: unknown) => boolean;
}

/** Asks before an action that costs money or removes something. */
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
