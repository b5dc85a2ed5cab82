import type { ComponentChildren, TargetedMouseEvent } from 'preact';
import { Icon, type IconName } from './icon.js';
import './button.css';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly icon?: IconName;
  /** One primary action per view; `danger` removes something. */
  readonly kind?: 'plain' | 'primary' | 'danger' | 'bare';
  readonly type?: 'button' | 'submit';
  readonly disabled?: boolean;
  /** True while the action that the button started is under way: it cannot be pressed again. */
  readonly isBusy?: boolean;
  /** The name for screen readers, if the button shows no words. */
  readonly label?: string;
  readonly onClick?: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
}

export function Button(props: ButtonProps) {
  const { children, icon, kind = 'plain', type = 'button', disabled = false, isBusy = false, label, onClick } = props;
  return (
    <button
      class={`button ${kind}`}
      type={type}
      disabled={disabled || isBusy}
      aria-busy={isBusy}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({
  href,
  icon,
  kind = 'plain',
  children,
}: {
  readonly href: string;
  readonly icon?: IconName;
  readonly kind?: 'plain' | 'primary';
  readonly children: ComponentChildren;
}) {
  return (
    <a class={`button ${kind}`} href={href}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </a>
  );
}
