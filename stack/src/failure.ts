/** Something the reader can act on: its message says what to do, and no stack trace is shown with it. */
export class StackFailure extends Error {
  override readonly name = 'StackFailure';
}
