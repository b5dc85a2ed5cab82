import type { RawLink } from './raw-link.js';
import { relWords } from './rel.js';

/** A link whose end has not come. */
export interface OpenAnchor {
  text(text: string): void;
  image(alt: string | null): void;
  end(): RawLink;
}

const LONGEST = 2000;

export function createOpenAnchor(href: string, rel: string | undefined, place: string | null): OpenAnchor {
  let words = '';
  let hasImage = false;
  let alt: string | null = null;
  return {
    text: (text) => {
      if (words.length < LONGEST) words += text;
    },
    image: (text) => {
      hasImage = true;
      alt ??= text;
    },
    end: () => {
      const anchor = words.replace(/\s+/g, ' ').trim().slice(0, LONGEST);
      // A link is an image where it shows nothing else.
      const type = anchor === '' && hasImage ? 'image' : 'anchor';
      return { type, href, rel: relWords(rel), anchor: anchor === '' ? null : anchor, alt, place };
    },
  };
}
