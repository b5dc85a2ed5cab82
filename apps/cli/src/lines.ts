/** Turns values into a stream with one line of text for each. */
export async function* textLines<T>(
  values: AsyncIterable<T>,
  lineOf: (value: T) => string,
): AsyncGenerator<Uint8Array> {
  for await (const value of values) yield Buffer.from(`${lineOf(value)}\n`);
}
