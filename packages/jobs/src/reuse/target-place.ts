import { createHash } from 'node:crypto';

/** Where the index has a target: the name of a small hash, and a field of that. */
export interface TargetPlace {
  readonly bucket: string;
  readonly field: string;
}

/**
 * Ten million targets give about 76 fields per bucket. Up to 128 fields Redis keeps a hash as one block, which takes a third
 * of the memory.
 */
const BUCKETS = 2 ** 17;
const FIELD_LETTERS = 8;

/**
 * 65 bits of the target's hash: two targets with the same place are possible, so that the target is compared before its
 * answer is used.
 */
export function placeOfTarget(target: string): TargetPlace {
  const hash = createHash('sha1').update(target).digest();
  return {
    bucket: (hash.readUInt32LE(0) % BUCKETS).toString(36),
    field: hash.toString('base64url', 4).slice(0, FIELD_LETTERS),
  };
}
