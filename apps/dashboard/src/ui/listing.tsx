import type { ComponentChildren } from 'preact';
import './listing.css';

interface ListingColumn {
  readonly words: string;
  readonly isNumber?: boolean;
  /** Left out where the page is narrow. */
  readonly isWide?: boolean;
  /** Read by screen readers only: the column holds buttons, say. */
  readonly isUnseen?: boolean;
}

interface ListingProps {
  readonly label: string;
  readonly columns: readonly ListingColumn[];
  /** Rows, each a `tr`. */
  readonly children: ComponentChildren;
}

/** A plain table that scrolls sideways in its own area where the page is too narrow for it. */
export function Listing({ label, columns, children }: ListingProps) {
  return (
    <div class="listing-area" role="group" aria-label={label} tabindex={0}>
      <table class="listing">
        <thead>
          <tr>
            {columns.map(({ words, isNumber = false, isWide = false, isUnseen = false }) => (
              <th key={words} scope="col" class={`${isNumber ? 'number' : ''} ${isWide ? 'wide' : ''}`}>
                {isUnseen ? <span class="unseen">{words}</span> : words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
