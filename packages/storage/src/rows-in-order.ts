import type { PlanPart } from './plan-parts.js';

const NEWLINE = 0x0a;
const [OPEN, CLOSE] = [Buffer.from('['), Buffer.from(']')];

interface Cutting {
  /** The stored parts of rows, in order. Each row has a target of its own. */
  readonly rows: AsyncIterable<Buffer>;
  readonly rowsPerPart: number;
  /** Whether a part's rows are one call, or a call each. */
  readonly callOf: 'part' | 'row';
}

/** Parts of a plan whose calls take rows as they come. Their bytes are those of the rows, and only one part is in memory. */
export async function* partsInOrder({ rows, rowsPerPart, callOf }: Cutting): AsyncGenerator<PlanPart> {
  const between = Buffer.from(callOf === 'part' ? ',' : ']\n[');
  let stretches: Buffer[] = [];
  let held = 0;
  const close = (): PlanPart => {
    const bytes = Buffer.concat([OPEN, ...stretches.slice(0, -1), CLOSE]);
    const part = { bytes, calls: callOf === 'part' ? 1 : held };
    stretches = [];
    held = 0;
    return part;
  };
  for await (const bytes of rows) {
    for (let from = 0; from < bytes.length; ) {
      const newline = bytes.indexOf(NEWLINE, from);
      const to = newline === -1 ? bytes.length : newline;
      stretches.push(bytes.subarray(from, to), between);
      from = to + 1;
      if (++held === rowsPerPart) yield close();
    }
  }
  if (held > 0) yield close();
}
