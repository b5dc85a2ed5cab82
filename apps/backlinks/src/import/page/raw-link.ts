export type LinkType = 'anchor' | 'image' | 'link' | 'canonical' | 'alternate' | 'meta' | 'redirect';

/** A link as it stands in a page: its address is not resolved. */
export interface RawLink {
  readonly type: LinkType;
  readonly href: string;
  readonly rel: readonly string[];
  readonly anchor: string | null;
  /** Of an image in the link. */
  readonly alt: string | null;
  /** The innermost element with a meaning that the link stands in. */
  readonly place: string | null;
}
