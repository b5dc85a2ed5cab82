import type { KeyOptions } from '@linkhaul/client/browser';
import type { ApiKeyView, ShownApiKey } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { client, endSession, goOnWith } from '../../service/session.js';
import { Button } from '../../ui/button.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Confirm } from '../../ui/confirm.js';
import { Dialog } from '../../ui/dialog.js';
import { say } from '../../ui/toast.js';
import { NewKeyForm } from './new-key-form.js';

export type KeyAction =
  | { readonly type: 'create' }
  | { readonly type: 'rotate' | 'delete'; readonly key: ApiKeyView; readonly isOwn: boolean };

interface KeyDialogsProps {
  readonly action: KeyAction;
  readonly tenant: string | null;
  /** Called when the list of keys has changed. */
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** Asks for confirmation before each action. Shows a new secret, which cannot be shown again. */
export function KeyDialogs({ action, tenant, onChange, onClose }: KeyDialogsProps) {
  const shown = useSignal<ShownApiKey | null>(null);
  const options: KeyOptions = tenant === null ? {} : { tenant };
  const show = (made: ShownApiKey) => {
    shown.value = made;
    onChange();
  };
  if (shown.value !== null) return <Secret made={shown.value} onClose={onClose} />;
  if (action.type === 'create') {
    return <NewKeyForm onCreate={async (key) => show(await client.value.createKey(key, options))} onClose={onClose} />;
  }
  const { key, isOwn } = action;
  if (action.type === 'rotate') {
    const rotate = async () => {
      const made = await client.value.rotateKey(key.id, options);
      if (isOwn) goOnWith(made.key);
      show(made);
    };
    return (
      <Confirm
        title={`Rotate ${key.name}`}
        action="Rotate it"
        isDanger
        onConfirm={rotate}
        onClose={() => shown.value === null && onClose()}
      >
        <p>
          The key gets a new secret, which is shown once. The old one is refused at once: whatever uses it stops working
          until it has the new one.
          {isOwn && ' This page uses this key, and goes on with the new one.'}
        </p>
      </Confirm>
    );
  }
  const remove = async () => {
    await client.value.revokeKey(key.id, options);
    if (isOwn) endSession('The key of this page was deleted. Sign in with another one.');
    else say(`${key.name} is deleted.`);
    onChange();
  };
  return (
    <Confirm title={`Delete ${key.name}`} action="Delete it" isDanger onConfirm={remove} onClose={onClose}>
      <p>
        The next request with this key is refused, and so are those that are open. It cannot be brought back. The jobs
        that it has sent stay.
        {isOwn && ' This page uses this key: you will be signed out.'}
      </p>
    </Confirm>
  );
}

function Secret({ made, onClose }: { readonly made: ShownApiKey; readonly onClose: () => void }) {
  return (
    <Dialog title={`The key ${made.name}`} onClose={onClose}>
      <p>Copy it now: it is shown this once, and never again.</p>
      <CodeBlock text={made.key} />
      <div class="dialog-actions">
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </Dialog>
  );
}
