/** Allowed between a send and its time in the record: the network, whole seconds, and a clock that is not known exactly. */
const MARGIN_MS = 30_000;

/** Whether a time in the record may be that of an attempt sent at `sentAt`. */
export function isAround({ sentAt }: { readonly sentAt: number }, time: number): boolean {
  return Math.abs(time - sentAt) <= MARGIN_MS;
}

/** A span of the record, and the attempts that are looked for in it. */
export interface RecordWindow<A> {
  readonly attempts: readonly A[];
  readonly from: number;
  readonly to: number;
}

/**
 * The spans of the record that must be read to look up these attempts. Attempts whose margins overlap share a span;
 * long stretches between attempts are not read.
 */
export function windowsOf<A extends { readonly sentAt: number }>(attempts: readonly A[]): RecordWindow<A>[] {
  const windows: { attempts: A[]; from: number; to: number }[] = [];
  for (const attempt of [...attempts].sort((a, b) => a.sentAt - b.sentAt)) {
    const last = windows.at(-1);
    const [from, to] = [attempt.sentAt - MARGIN_MS, attempt.sentAt + MARGIN_MS];
    if (last === undefined || from > last.to) windows.push({ attempts: [attempt], from, to });
    else {
      last.attempts.push(attempt);
      last.to = to;
    }
  }
  return windows;
}
