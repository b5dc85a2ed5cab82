/** Around a sending: the way to the upstream, whole seconds in its record, and what its clock is not known by. */
const MARGIN_MS = 30_000;

/** Whether a time is within the margin of a sending. */
export function isAround({ sentAt }: { readonly sentAt: number }, time: number): boolean {
  return Math.abs(time - sentAt) <= MARGIN_MS;
}

/** A stretch of time with the sendings that the record is read for in it. */
export interface RecordWindow<C> {
  readonly calls: readonly C[];
  readonly from: number;
  readonly to: number;
}

/**
 * The least of the record that must be read for these calls, by time: sendings whose margins meet share a window, and what
 * was sent long after another does not have all between them read.
 */
export function windowsOf<C extends { readonly sentAt: number }>(calls: readonly C[]): RecordWindow<C>[] {
  const windows: { calls: C[]; from: number; to: number }[] = [];
  for (const call of [...calls].sort((a, b) => a.sentAt - b.sentAt)) {
    const last = windows.at(-1);
    const [from, to] = [call.sentAt - MARGIN_MS, call.sentAt + MARGIN_MS];
    if (last === undefined || from > last.to) windows.push({ calls: [call], from, to });
    else {
      last.calls.push(call);
      last.to = to;
    }
  }
  return windows;
}
