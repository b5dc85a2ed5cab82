/** The environment of the test run; TEST_REDIS_URL is set by the command that runs it. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

/** Whether `test:all` runs, which tries each combination of what the usual run tries one by one. */
export const isThorough = environment.TEST_EFFORT !== undefined;

/** How often a law is tried: a third as often with each run of the tests, eight times as often with `test:all`. */
export function tries(some: number): number {
  return Math.ceil(some * Number(environment.TEST_EFFORT ?? 1 / 3));
}

/** The same of a law that takes long to try: `test:all` tries it some times. */
export function slowTries(some: number): number {
  return isThorough ? some : Math.ceil(some / 3);
}
