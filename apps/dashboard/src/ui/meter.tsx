import './meter.css';

interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly most: number;
  /** The value in words, for screen readers. */
  readonly words: string;
}

/** How much of a limit is in use. The colour changes when nothing is left. */
export function Meter({ label, value, most, words }: MeterProps) {
  const part = most <= 0 ? 0 : Math.min(1, value / most);
  return (
    <div
      class={`meter ${part >= 1 ? 'full' : ''}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={most}
      aria-valuenow={Math.min(value, most)}
      aria-valuetext={words}
    >
      <span style={{ width: `${part * 100}%` }} />
    </div>
  );
}
