/**
 * The version of all that processes leave for each other: queue messages, jobs in Redis, and what is in storage. It is
 * raised together with a change that a reader of the version before would misunderstand. What carries none has 1.
 */
export const FORMAT = 3;

/** Only a newer version can read it. Nothing is concluded from that: whatever needs it waits for a process that can. */
export class NewerFormat extends Error {
  override readonly name = 'NewerFormat';

  constructor(what: string, format: number) {
    super(
      `${what} has format ${format}, and this version of Linkhaul reads formats up to ${FORMAT}: upgrade this process`,
    );
  }
}

export function requireFormat(what: string, format = 1): void {
  if (format > FORMAT) throw new NewerFormat(what, format);
}
