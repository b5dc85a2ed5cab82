import type { Boundary, Stretch } from './boundaries.js';

const NONE: Buffer = Buffer.alloc(0);

/** Reads on in an archive, and stops at each boundary. */
export class Cursor {
  readonly #parts: AsyncGenerator<Boundary | Stretch, void>;
  /** Where reading stands: a boundary; null at the end. It begins at one. */
  #boundary: Boundary | null = { kind: 'boundary', at: 0, damage: null };
  #seen = NONE;
  #place = 0;
  #isPlain = true;

  constructor(parts: AsyncGenerator<Boundary | Stretch, void>) {
    this.#parts = parts;
  }

  /** What can be seen without reading more. */
  get seen(): Buffer {
    return this.#seen;
  }

  /** Where in the file the next byte comes from, as near as the form of the file tells. */
  get place(): number {
    return this.#place;
  }

  /** Whether places in the archive are places in the file. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Sees more; false at a boundary. */
  async more(): Promise<boolean> {
    if (this.#boundary !== null) return false;
    const { value, done } = await this.#parts.next();
    if (done === true) return false;
    if (value.kind === 'boundary') {
      this.#boundary = value;
      return false;
    }
    this.#isPlain = value.isPlain;
    if (this.#seen.length === 0) this.#place = value.at;
    this.#seen = this.#seen.length === 0 ? value.bytes : Buffer.concat([this.#seen, value.bytes]);
    return true;
  }

  /** Goes on behind the boundary; null at the end of the archive. */
  next(): Boundary | null {
    const boundary = this.#boundary;
    this.#boundary = null;
    this.#seen = NONE;
    if (boundary !== null) this.#place = boundary.at;
    return boundary;
  }

  skip(count: number): void {
    this.#seen = this.#seen.subarray(count);
    if (this.#isPlain) this.#place += count;
  }

  /** Puts bytes back that were taken last. */
  putBack(bytes: Buffer): void {
    this.#seen = Buffer.concat([bytes, this.#seen]);
    if (this.#isPlain) this.#place -= bytes.length;
  }
}
