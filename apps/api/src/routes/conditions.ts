/** Bytes of a whole, `to` behind the last of them. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** Whether an `Accept-Encoding` takes gzip: named, or by `*`, and not with `q=0`. */
export function takesGzip(header: string | undefined): boolean {
  const offers = (header ?? '').split(',').map((offer) => {
    const [name = '', ...params] = offer.split(';').map((part) => part.trim().toLowerCase());
    return { name, refused: params.some((param) => /^q=0(\.0{0,3})?$/.test(param)) };
  });
  const offer = offers.find(({ name }) => name === 'gzip') ?? offers.find(({ name }) => name === '*');
  return offer !== undefined && !offer.refused;
}

/** Whether an `If-None-Match` names this entity tag; weak ones count. */
export function isKnown(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}

/** The one range that is asked for; null where there is none, or it is one to pass over. */
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
