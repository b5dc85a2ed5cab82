import { signal } from '@preact/signals';
import './toast.css';

const SHOWN_MS = 6000;

interface Toast {
  readonly number: number;
  readonly words: string;
  readonly isTrouble: boolean;
}

const toasts = signal<readonly Toast[]>([]);
let lastNumber = 0;

/** Shows the result of an action for a few seconds. */
export function say(words: string, { isTrouble = false } = {}): void {
  const number = ++lastNumber;
  toasts.value = [...toasts.value, { number, words, isTrouble }];
  setTimeout(() => {
    toasts.value = toasts.value.filter((toast) => toast.number !== number);
  }, SHOWN_MS);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ number, words, isTrouble }) => (
        <p key={number} class={isTrouble ? 'failed' : ''}>
          {words}
        </p>
      ))}
    </div>
  );
}
