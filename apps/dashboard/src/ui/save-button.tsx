import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { sentenceOf } from '../service/errors.js';
import { Button } from './button.js';
import { say } from './toast.js';

interface SaveButtonProps {
  readonly children: ComponentChildren;
  readonly onSave: () => Promise<void>;
}

/** Saves a file, and shows a message if that fails. */
export function SaveButton({ children, onSave }: SaveButtonProps) {
  const isBusy = useSignal(false);
  const save = async () => {
    isBusy.value = true;
    try {
      await onSave();
    } catch (error) {
      say(sentenceOf(error), { isTrouble: true });
    }
    isBusy.value = false;
  };
  return (
    <Button icon="download" isBusy={isBusy.value} onClick={save}>
      {children}
    </Button>
  );
}
