import { signal } from '@preact/signals';

/** The present time in milliseconds, from which ages are computed. It advances once a second while the page is visible. */
export const now = signal(Date.now());

setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now();
}, 1000);
