/**
 * The version of everything that processes leave for each other: queue messages, jobs in Redis, and objects in storage. It
 * is raised with each change that a reader of the version before would misunderstand. Data without a version has 1.
 */
export const FORMAT = 3;

/** Only a newer version can read this. Nothing is concluded from it: the work waits for a process that can read it. */
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
