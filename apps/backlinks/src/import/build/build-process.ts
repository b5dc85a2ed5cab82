import { z } from 'zod';
import { GraphFileError } from '../../graph/graph-file.js';
import type { MakingStep } from '../../graph/making.js';
import { type Built, buildGraph } from './build.js';

/** A process that builds one graph, as its parent asks. */
const asked = z.object({ parts: z.string(), into: z.string(), memory: z.string() });

export type Asked = z.output<typeof asked>;
/** A step, then what the graph came to, or the sentence why it could not be made. */
export type Told = { readonly step: MakingStep } | { readonly built: Built } | { readonly refused: string };

const stopping = new AbortController();

process.once('message', (message) => {
  void build(asked.parse(message)).then((told) => {
    if (process.connected) tell(told, () => process.disconnect());
  });
});
// The parent goes, or wants no graph any more: the unfinished file has to go, too.
process.on('disconnect', () => stopping.abort());
// Ctrl-C in a terminal reaches the children, too: the parent ends them.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});

async function build({ parts, into, memory }: Asked): Promise<Told> {
  const onStep = (step: MakingStep) => tell({ step });
  try {
    return { built: await buildGraph(parts, { path: into, memory, signal: stopping.signal, onStep }) };
  } catch (error) {
    if (stopping.signal.aborted) return { refused: 'the build was stopped' };
    if (!(error instanceof GraphFileError)) throw error;
    return { refused: error.message };
  }
}

function tell(told: Told, onSent?: () => void): void {
  process.send?.(told, undefined, undefined, onSent);
}
