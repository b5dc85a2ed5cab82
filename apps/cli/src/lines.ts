/** A stream with one line of text for each value. */
export async function* textLines<T>(
  values: AsyncIterable<T>,
  lineOf: (value: T) => string,
): AsyncGenerator<Uint8Array> {
  for await (const value of values) yield Buffer.from(`${lineOf(value)}\n`);
}
