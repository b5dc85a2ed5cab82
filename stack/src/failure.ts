/** A failure that the user can act on. Its message says what to do and is shown without a stack trace. */
export class StackFailure extends Error {
  override readonly name = 'StackFailure';
}
