/** What a page asks of those who read it. */
export interface Robots {
  readonly noindex: boolean;
  readonly nofollow: boolean;
}

export const NO_ROBOTS: Robots = { noindex: false, nofollow: false };

/** The words of `<meta name="robots">` or `X-Robots-Tag`. */
export function robotsIn(text: string): Robots {
  const words = text.toLowerCase().split(/[\s,]+/);
  const none = words.includes('none');
  return { noindex: none || words.includes('noindex'), nofollow: none || words.includes('nofollow') };
}

export function bothRobots(a: Robots, b: Robots): Robots {
  return { noindex: a.noindex || b.noindex, nofollow: a.nofollow || b.nofollow };
}
