/** A bar of the given width, filled by a share from 0 to 1. It is full only at 1. */
export function bar(share: number, width: number): string {
  const full = Math.floor(Math.min(Math.max(share, 0), 1) * width);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** Rounded down, so that `100 %` is shown only at 1. */
export function percent(share: number): string {
  return `${Math.floor(Math.min(Math.max(share, 0), 1) * 100)} %`;
}
