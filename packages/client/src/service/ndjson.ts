import type { z } from 'zod';
import { parseAnswer } from './answer.js';
import type { StreamedAnswer } from './transport.js';

/** The lines of an NDJSON answer, each parsed when it arrives. Leaving the loop cancels the download. */
export async function* parsedLines<S extends z.ZodType>(
  answer: StreamedAnswer,
  schema: S,
): AsyncGenerator<z.output<S>> {
  for await (const line of linesOf(answer.body)) {
    if (line !== '') yield parseAnswer(schema, line, answer);
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest + decoder.decode();
}
