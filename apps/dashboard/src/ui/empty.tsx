import type { ComponentChildren } from 'preact';
import './empty.css';

/** What stands where nothing is to be shown, with what can be done about it. */
export function Empty({
  title,
  words,
  children,
}: {
  readonly title: string;
  readonly words?: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty-state">
      <h2>{title}</h2>
      {words !== undefined && <p class="quiet">{words}</p>}
      {children}
    </div>
  );
}
