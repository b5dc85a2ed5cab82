/** Turns a stream of NDJSON into the service's JSON document, `{ results, next_cursor, done }`. Each line stays a line. */
export async function* jsonDocument(lines: AsyncIterable<Uint8Array>, done: boolean): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"results":[\n');
  // The comma and the line break are written before the next line, so that the last line has no comma.
  let between = '';
  for await (const chunk of lines) {
    // latin1 keeps every byte: a chunk may end within a character.
    const text = Buffer.from(chunk).toString('latin1');
    const isEnded = text.endsWith('\n');
    const whole = isEnded ? text.slice(0, -1) : text;
    yield Buffer.from(between + whole.replaceAll('\n', ',\n'), 'latin1');
    between = isEnded ? ',\n' : '';
  }
  yield Buffer.from(`\n],"next_cursor":null,"done":${done}}\n`);
}
