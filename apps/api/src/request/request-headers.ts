/** A range of bytes; `to` is exclusive. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Whether an `Accept-Encoding` allows gzip: by name or `*`, and not with `q=0`. */
export function takesGzip(header: string | undefined): boolean {
  const offers = (header ?? '').split(',').map((offer) => {
    const [name = '', ...params] = offer.split(';').map((part) => part.trim().toLowerCase());
    return { name, refused: params.some((param) => /^q=0(\.0{0,3})?$/.test(param)) };
  });
  const offer = offers.find(({ name }) => name === 'gzip') ?? offers.find(({ name }) => name === '*');
  return offer !== undefined && !offer.refused;
}

/** Whether an `If-None-Match` names this entity tag, strong or weak. */
export function isKnown(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}

/** The range of a `Range` header; null if there is none, or if HTTP says to ignore it. */
export function rangeOf(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec((header ?? '').trim()) ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const from = Math.max(length - Number(last), 0);
    return from < length ? { from, to: length } : 'unsatisfiable';
  }
  if (last !== '' && Number(last) < Number(first)) return null;
  const to = last === '' ? length : Math.min(Number(last) + 1, length);
  return Number(first) < to ? { from: Number(first), to } : 'unsatisfiable';
}
