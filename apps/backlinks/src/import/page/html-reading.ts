import { isPlace, PARTS_WORDS } from './elements.js';
import { createOpenAnchor, type OpenAnchor } from './open-anchor.js';
import type { RawLink } from './raw-link.js';
import { refreshUrl } from './refresh.js';
import { linkType, relWords } from './rel.js';
import { bothRobots, NO_ROBOTS, type Robots, robotsIn } from './robots.js';

/** What a page of HTML says. */
export interface Html {
  readonly title: string | null;
  readonly language: string | null;
  /** The `href` of the first `<base>`: it holds for the whole page, wherever it stands. */
  readonly base: string | null;
  readonly robots: Robots;
  readonly images: number;
  readonly links: readonly RawLink[];
  /** Links that were left out because a page has too many. */
  readonly linksLeftOut: number;
}

type Attributes = Readonly<Record<string, string>>;

/** More links of one page are left out, so that a page without end takes no memory without end. */
const MOST_LINKS = 100_000;
const LONGEST_TITLE = 1000;

const BARE = { anchor: null, alt: null, place: null };

/** Collects what a page says while the parser goes through it, tag by tag. */
export class HtmlReading {
  #links: RawLink[] = [];
  #places: string[] = [];
  #linksLeftOut = 0;
  #anchor: OpenAnchor | null = null;
  #title: string | null = null;
  #isInTitle = false;
  #hidden: string | null = null;
  #language: string | null = null;
  #base: string | null = null;
  #robots = NO_ROBOTS;
  #images = 0;

  onopentag(name: string, attributes: Attributes): void {
    if (PARTS_WORDS.has(name)) this.#anchor?.text(' ');
    if (isPlace(name)) this.#places.push(name);
    if (name === 'script' || name === 'style') this.#hidden = name;
    this.#readElement(name, attributes);
  }

  onclosetag(name: string): void {
    if (name === 'a') this.#closeAnchor();
    if (name === 'title') this.#isInTitle = false;
    if (name === this.#hidden) this.#hidden = null;
    if (PARTS_WORDS.has(name)) this.#anchor?.text(' ');
    if (!isPlace(name)) return;
    const place = this.#places.lastIndexOf(name);
    if (place !== -1) this.#places.splice(place, 1);
  }

  ontext(text: string): void {
    if (this.#hidden !== null) return;
    if (this.#isInTitle) this.#title = `${this.#title ?? ''}${text}`.slice(0, LONGEST_TITLE);
    this.#anchor?.text(text);
  }

  end(): Html {
    this.#closeAnchor();
    return {
      title: shown(this.#title),
      language: shown(this.#language),
      base: this.#base,
      robots: this.#robots,
      images: this.#images,
      links: this.#links,
      linksLeftOut: this.#linksLeftOut,
    };
  }

  #readElement(name: string, attributes: Attributes): void {
    switch (name) {
      case 'a':
        this.#openAnchor(attributes);
        break;
      case 'area':
        this.#readArea(attributes);
        break;
      case 'img':
        this.#images++;
        this.#anchor?.image(attributes.alt ?? null);
        break;
      case 'link':
        this.#readLink(attributes);
        break;
      case 'meta':
        this.#readMeta(attributes);
        break;
      case 'base':
        this.#base ??= attributes.href ?? null;
        break;
      case 'html':
        this.#language ??= attributes.lang ?? attributes['xml:lang'] ?? null;
        break;
      case 'title':
        // Pictures in SVG have titles, too, but behind that of the page.
        this.#isInTitle = this.#title === null;
    }
  }

  /** An open anchor ends where the next begins. */
  #openAnchor({ href, rel }: Attributes): void {
    this.#closeAnchor();
    if (href !== undefined) this.#anchor = createOpenAnchor(href, rel, this.#place());
  }

  #closeAnchor(): void {
    if (this.#anchor !== null) this.#add(this.#anchor.end());
    this.#anchor = null;
  }

  #readArea({ href, rel, alt }: Attributes): void {
    if (href === undefined) return;
    this.#add({ type: 'anchor', href, rel: relWords(rel), anchor: null, alt: alt ?? null, place: this.#place() });
  }

  #readLink({ href, rel }: Attributes): void {
    const words = relWords(rel);
    const type = linkType(words);
    if (href !== undefined && type !== null) this.#add({ ...BARE, type, href, rel: words });
  }

  #readMeta({ name, content = '', 'http-equiv': header }: Attributes): void {
    if (isWord(name, 'robots')) this.#robots = bothRobots(this.#robots, robotsIn(content));
    const href = isWord(header, 'refresh') ? refreshUrl(content) : null;
    if (href !== null) this.#add({ ...BARE, type: 'meta', href, rel: [] });
  }

  #place(): string | null {
    return this.#places.at(-1) ?? null;
  }

  #add(link: RawLink): void {
    if (this.#links.length < MOST_LINKS) this.#links.push(link);
    else this.#linksLeftOut++;
  }
}

function isWord(text: string | undefined, word: string): boolean {
  return text?.trim().toLowerCase() === word;
}

function shown(text: string | null): string | null {
  return text?.replace(/\s+/g, ' ').trim() || null;
}
