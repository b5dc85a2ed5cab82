import { notOurs, ofNobody } from '../not-ours.js';
import type { S3Objects } from './objects.js';

const MARKER = 'installation';
/** A bucket does not come and go as a mount does: what was read so recently need not be read again. */
const FRESH_MS = 1_000;

/** The marker in a bucket, which tells the storage of this installation from another's, or an empty one. */
export interface S3Marker {
  owner(): Promise<string | null>;
  /** Writes the marker by this way, where there is none. */
  claim(installation: string, create: (key: string, bytes: Uint8Array) => Promise<boolean>): Promise<string>;
  serve(installation: string | null): void;
  /** Rejects where the marker did not name the installation a moment ago. */
  verify(): Promise<void>;
  /** Rejects where it does not now. */
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
    const asked = { at: performance.now(), reading: read(), isOpen: true };
    last = asked;
    asked.reading.then(
      () => {
        asked.isOpen = false;
      },
      () => {
        if (last === asked) last = null;
      },
    );
    return asked.reading;
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
