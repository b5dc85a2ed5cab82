/**
 * How long processes wait before they take another process for dead or something for lost, and look again. Tests scale
 * these times down: they are about the order of events.
 */
export function timingOf(scale: number) {
  const ms = (real: number) => Math.ceil(real * scale);
  return {
    /** A dead worker is noticed, and its queue messages go to another one, within this time and two checks. */
    lockMs: ms(10_000),
    stalledCheckMs: ms(4_000),
    /** A worker that has been silent for this long is dead: its calls in flight are orphans. */
    silentMs: ms(10_000),
    /** A call that stays in the window for this long without being sent may have lost its message. */
    windowMs: ms(5_000),
    /** A worker that has not renewed its lock on the upstream's record for this long has lost it. */
    recordLockMs: ms(10_000),
    /** How soon a message that only a newer version understands is offered again. */
    newerMs: ms(2_000),
    /** How soon a call is looked up again if nothing could be decided. */
    lookAgainMs: ms(10_000),
    /** Added to the time for which the upstream may work on a request, for the network. */
    leaseMarginMs: ms(5_000),
    /** A request that holds an idempotency key renews its claim several times within it. */
    claimMs: ms(10_000),
    /** A job or a tenant that has changed is stored as a snapshot after this time, if nothing asks for one before. */
    snapshotMs: ms(30_000),
    /** A client waits this long for the answer to a live task. */
    liveWaitMs: ms(120_000),
    /** For this long after its client has gone, an equal live request gets the answer that it bought. */
    liveKeptMs: ms(600_000),
    /** If a worker does not renew its hold on a delivery for this long, another worker sends the delivery. */
    deliveryMs: ms(10_000),
  };
}

export type Timing = Readonly<ReturnType<typeof timingOf>>;
