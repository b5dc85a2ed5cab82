/** Browsers limit how tall an element can be, Firefox to some 17,000,000 pixels. The scrolling of longer lists is scaled down. */
const TALLEST_PX = 15_000_000;
/** Rows drawn above and below those in sight, so that fast scrolling shows no gap. */
const SPARE_ROWS = 10;

interface View {
  readonly count: number;
  readonly rowHeight: number;
  /** How far the area is scrolled, and its visible height, in pixels. */
  readonly top: number;
  readonly height: number;
}

export interface Shown {
  readonly first: number;
  /** Exclusive. */
  readonly last: number;
  /** The height of the whole scrolled content, in pixels. */
  readonly height: number;
  /** The position of a row in that content. */
  readonly topOf: (index: number) => number;
}

/** Which rows of a long list are in sight, and their positions. */
export function shownRows({ count, rowHeight, top, height }: View): Shown {
  const whole = count * rowHeight;
  const content = Math.min(whole, TALLEST_PX);
  const scale = content > height ? (whole - height) / (content - height) : 1;
  const wholeTop = top * scale;
  const first = Math.max(0, Math.floor(wholeTop / rowHeight) - SPARE_ROWS);
  const last = Math.min(count, Math.ceil((wholeTop + height) / rowHeight) + SPARE_ROWS);
  return { first, last, height: content, topOf: (index) => index * rowHeight - wholeTop + top };
}
