/** Browsers draw nothing further down: Firefox from some 17,000,000 pixels on. Longer lists scroll in proportion. */
const TALLEST_PX = 15_000_000;
/** Rows drawn above and below those in sight, so that fast scrolling meets no gap. */
const SPARE_ROWS = 10;

interface View {
  readonly count: number;
  readonly rowHeight: number;
  /** How far the area is scrolled, and how much of it is in sight, in pixels. */
  readonly top: number;
  readonly height: number;
}

export interface Shown {
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  /** Of the whole scrolled content, in pixels. */
  readonly height: number;
  /** Where a row stands in that content. */
  readonly topOf: (index: number) => number;
}

/** Which rows of a long list are in sight, and where each stands. */
export function shownRows({ count, rowHeight, top, height }: View): Shown {
  const whole = count * rowHeight;
  const content = Math.min(whole, TALLEST_PX);
  const scale = content > height ? (whole - height) / (content - height) : 1;
  const wholeTop = top * scale;
  const first = Math.max(0, Math.floor(wholeTop / rowHeight) - SPARE_ROWS);
  const last = Math.min(count, Math.ceil((wholeTop + height) / rowHeight) + SPARE_ROWS);
  return { first, last, height: content, topOf: (index) => index * rowHeight - wholeTop + top };
}
