import type { ComponentChildren } from 'preact';

interface FigureProps {
  readonly title: string;
  readonly value: string;
  /** The limit of the value. */
  readonly of?: string;
  readonly note?: string | undefined;
  readonly children?: ComponentChildren;
}

/** One important number, in a `dl`. */
export function Figure({ title, value, of, note, children }: FigureProps) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <strong>{value}</strong>
        {of !== undefined && <span class="quiet"> of {of}</span>}
        {children}
        {note !== undefined && <span class="figure-note quiet">{note}</span>}
      </dd>
    </div>
  );
}
