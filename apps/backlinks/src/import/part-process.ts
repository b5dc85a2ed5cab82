import { z } from 'zod';
import { type Made, makePart, type Step } from './make-part.js';
import { importOptions } from './source.js';

/** A process that makes parts, one after the other, as its parent asks. A file that ends it costs no other file. */
const asked = z.object({ path: z.string(), folder: z.string(), options: importOptions });

export type Asked = z.output<typeof asked>;
export type Told = { readonly step: Step } | { readonly made: Made };

/** The least time between two reports. */
const TELL_MS = 100;

process.on('message', (message) => {
  void make(asked.parse(message)).then((made) => tell({ made }));
});
// The parent is gone, and with it who would use the part.
process.on('disconnect', () => process.exit(1));
// Ctrl-C in a terminal reaches the children, too: the parent ends them.
process.on('SIGINT', () => {});

async function make({ path, folder, options }: Asked): Promise<Made> {
  let told = 0;
  const onStep = (step: Step) => {
    if (Date.now() - told < TELL_MS) return;
    told = Date.now();
    tell({ step });
  };
  try {
    return await makePart(path, { folder, options, onStep });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    // DuckDB reports a full disk as lack of memory, too, where it lays rows down beside the part.
    const isFull = /No space left|ENOSPC|failed to offload|max_temp_directory_size/i.test(reason);
    return { ok: false, why: isFull ? `has no part: the disk of ${folder} is full` : `cannot be read: ${reason}` };
  }
}

function tell(told: Told): void {
  process.send?.(told);
}
