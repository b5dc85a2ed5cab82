/** Whose turn it is among waiters, by turns over what they are of. */
interface Turns<W> {
  /** Of what was served longest ago, or never, the one that came first. */
  next(waiting: readonly W[]): W | undefined;
  /** `waiting` is what is left: nothing is remembered of who waits no more. */
  served(waiter: W, waiting: readonly W[]): void;
}

export function createTurns<W extends { readonly of: string }>(): Turns<W> {
  const last = new Map<string, number>();
  let turn = 0;
  return {
    next(waiting) {
      const lastOf = ({ of }: W) => last.get(of) ?? 0;
      return waiting.reduce<W | undefined>(
        (first, waiter) => (first === undefined || lastOf(waiter) < lastOf(first) ? waiter : first),
        undefined,
      );
    },
    served({ of }, waiting) {
      turn++;
      if (waiting.some((waiter) => waiter.of === of)) last.set(of, turn);
      else last.delete(of);
    },
  };
}
