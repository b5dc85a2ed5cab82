import type { ComponentChildren } from 'preact';
import './listing.css';

interface ListingColumn {
  readonly words: string;
  readonly isNumber?: boolean;
  /** Left out on a narrow page. */
  readonly isWide?: boolean;
  /** True if only screen readers need the name, for example for a column of buttons. */
  readonly isUnseen?: boolean;
}

interface ListingProps {
  readonly label: string;
  readonly columns: readonly ListingColumn[];
  /** Rows, each a `tr`. */
  readonly children: ComponentChildren;
}

/** A plain table. If the page is too narrow, it scrolls sideways in its own area. */
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
