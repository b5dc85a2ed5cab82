import type { Piece } from './piece.js';
import { startsRecord } from './record-start.js';

/** Where no record goes on: at damage, and where a gzip member begins with a record. */
export interface Boundary {
  readonly kind: 'boundary';
  readonly at: number;
  /** What is missing before it, or null. */
  readonly damage: string | null;
}

export interface Stretch {
  readonly kind: 'bytes';
  readonly bytes: Buffer;
  readonly at: number;
  /** Whether places in the bytes are places in the file. */
  readonly isPlain: boolean;
}

/** The bytes of an archive, with the boundaries between them. */
export async function* withBoundaries(pieces: AsyncGenerator<Piece>): AsyncGenerator<Boundary | Stretch, void> {
  let isPlain = true;
  let beginsMember = false;
  for await (const piece of pieces) {
    const { at } = piece;
    if (piece.kind === 'damage') yield { kind: 'boundary', at, damage: piece.message };
    if (piece.kind === 'bytes') {
      if (beginsMember && startsRecord(piece.bytes)) yield { kind: 'boundary', at, damage: null };
      yield { kind: 'bytes', at, bytes: piece.bytes, isPlain };
    }
    beginsMember = piece.kind === 'member';
    if (beginsMember) isPlain = false;
  }
}
