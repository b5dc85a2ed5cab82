import { Mark } from './shell.js';

/** Shown until it is known whether a key is needed. index.html has the same content. */
export function Opening() {
  return (
    <div class="shell">
      <header class="bar">
        <span class="brand">
          <Mark />
          Linkhaul
        </span>
      </header>
    </div>
  );
}
