import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from './button.js';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** `side`: as tall as the window, at its right edge, for long contents. */
  readonly place?: 'middle' | 'side';
  /** Called for Escape, a click outside and the closing button. */
  readonly onClose: () => void;
}

/** A modal window, shown as long as it is rendered. The focus stays inside, and then returns to where it was. */
export function Dialog({ title, children, place = 'middle', onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      // The window has left the document by now, so the browser does not restore the focus by itself.
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={place}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="dialog">
        <header>
          <h2 id={id}>{title}</h2>
          {place === 'side' && (
            <Button kind="bare" icon="cross" label="Close" onClick={onClose}>
              {null}
            </Button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
