import { signal } from '@preact/signals';

/** The time now, in milliseconds, which ages are told by. It moves once a second while the page is shown. */
export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now();
}, 1000);
