import { Mark } from './shell.js';

/** Until it is known whether the page is to ask for a key. The same stands in index.html. */
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
