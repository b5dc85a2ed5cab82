/**
 * How long processes wait before they take another for dead, or something for lost, and look again. The scale is 1 but in tests,
 * which are about the order of what happens.
 */
export function timingOf(scale: number) {
  const ms = (real: number) => Math.ceil(real * scale);
  return {
    /** A worker that died is noticed, and its queue messages go elsewhere, within lock + two checks. */
    lockMs: ms(10_000),
    stalledCheckMs: ms(4_000),
    /** Calls in flight of a worker that has been silent for this long are orphans. */
    silentMs: ms(10_000),
    /** A call that has stood in the window for this long without being sent may have lost its message. */
    windowMs: ms(5_000),
    /** A worker that has not renewed its lock on the upstream's record for this long has lost it. */
    recordLockMs: ms(10_000),
    /** How soon a call is looked up again if nothing could be decided. */
    lookAgainMs: ms(10_000),
    /** Added to the time for which the upstream may work on a request, for the network. */
    leaseMarginMs: ms(5_000),
    /** A request that holds an idempotency key renews its claim several times within it. */
    claimMs: ms(10_000),
    /** If a worker does not renew its hold on a delivery for this long, another worker sends the delivery. */
    deliveryMs: ms(10_000),
  };
}

export type Timing = Readonly<ReturnType<typeof timingOf>>;
