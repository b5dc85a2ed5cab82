import type { z } from 'zod';
import { LinkhaulUnreachable } from './errors.js';
import { parseAnswer } from './transport.js';

/** The lines of a streamed NDJSON answer, each parsed as it comes. Leaving the loop early cancels the download. */
export async function* parsedLines<S extends z.ZodType>(response: Response, schema: S): AsyncGenerator<z.output<S>> {
  if (response.body === null) return;
  for await (const line of linesOf(chunksOf(response.body, response.url))) {
    if (line !== '') yield parseAnswer(schema, line, response);
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

async function* chunksOf(body: ReadableStream<Uint8Array>, url: string): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw error instanceof Error && error.name === 'AbortError' ? error : new LinkhaulUnreachable(url, error);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
