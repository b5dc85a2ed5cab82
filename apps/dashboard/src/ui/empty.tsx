import type { ComponentChildren } from 'preact';
import './empty.css';

/** Shown if there is nothing to list, with what can be done about it. */
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
