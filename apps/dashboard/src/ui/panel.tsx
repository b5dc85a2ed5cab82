import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import './panel.css';

interface PanelProps {
  readonly title: string;
  /** The target of links within the page. */
  readonly id?: string;
  readonly note?: ComponentChildren;
  /** Buttons and choices at the end of the panel's header. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A section of a page, with its own heading. */
export function Panel({ title, id, note, actions, children }: PanelProps) {
  const heading = useId();
  return (
    <section class="panel" id={id} aria-labelledby={heading}>
      <header>
        <div>
          <h2 id={heading}>{title}</h2>
          {note !== undefined && <p class="quiet">{note}</p>}
        </div>
        {actions !== undefined && <div class="panel-actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
