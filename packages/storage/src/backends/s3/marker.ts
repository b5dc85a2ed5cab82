import { notOurs, ofNobody } from '../not-ours.js';
import type { S3Objects } from './objects.js';

const MARKER = 'installation';
/** A bucket does not come and go as a mount does, so a marker that was read so recently need not be read again. */
const FRESH_MS = 1_000;

/** The marker in a bucket, which tells the storage of this installation from that of another, and from an empty one. */
export interface S3Marker {
  owner(): Promise<string | null>;
  /** Writes the marker with `create`, if there is none. */
  claim(installation: string, create: (key: string, bytes: Uint8Array) => Promise<boolean>): Promise<string>;
  serve(installation: string | null): void;
  /** Rejects if the marker did not name the installation a moment ago. */
  verify(): Promise<void>;
  /** Rejects if the marker does not name the installation now. */
  verifyNow(): Promise<void>;
}

export function s3Marker(objects: S3Objects, place: string): S3Marker {
  let served: string | null = null;
  let last: { reading: Promise<void>; isOpen: boolean; readonly at: number } | null = null;

  const owner = async () => (await objects.get(MARKER))?.toString('utf8').trim() ?? null;
  const serve = (installation: string | null) => {
    if (installation !== served) last = null;
    served = installation;
  };
  const read = async (): Promise<void> => {
    const installation = served;
    if (installation === null) throw ofNobody(place);
    const named = await owner();
    if (named === installation) return;
    throw notOurs({ installation, named, place, advice: 'name the right one in STORAGE_URL' });
  };
  const verifyNow = (): Promise<void> => {
    const current = { at: performance.now(), reading: read(), isOpen: true };
    last = current;
    current.reading.then(
      () => {
        current.isOpen = false;
      },
      () => {
        if (last === current) last = null;
      },
    );
    return current.reading;
  };
  const isFresh = ({ at, isOpen }: { at: number; isOpen: boolean }) => isOpen || performance.now() - at < FRESH_MS;
  return {
    owner,
    async claim(installation, create) {
      const found = await owner();
      if (found === null) await create(MARKER, Buffer.from(`${installation}\n`));
      const named = found ?? (await owner()) ?? '';
      if (named === installation) serve(installation);
      return named;
    },
    serve,
    verify: () => (last !== null && isFresh(last) ? last.reading : verifyNow()),
    verifyNow,
  };
}
