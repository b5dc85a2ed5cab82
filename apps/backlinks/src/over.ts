import type { AppContext } from './context.js';

/** Calls back once, when the answer has been sent or its connection has closed. `answered` is whether the whole answer was sent. */
export function whenOver(c: AppContext, over: (answered: boolean) => void): void {
  const { outgoing } = c.env;
  if (outgoing === undefined) over(true);
  else if (outgoing.closed || outgoing.destroyed) over(outgoing.writableFinished);
  else outgoing.once('close', () => over(outgoing.writableFinished));
}
