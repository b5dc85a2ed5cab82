/** How often a law is tried: some times with each run of the tests, four times as often with `test:all`. */
export function tries(some: number): number {
  return some * Number(process.env.TEST_EFFORT ?? 1);
}
