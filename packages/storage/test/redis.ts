const url = process.env.TEST_REDIS_URL;

/** The Redis that `pnpm test` starts for the tests. */
export function testRedisUrl(): string {
  if (url === undefined) throw new Error('TEST_REDIS_URL is not set: run the tests with `pnpm test`');
  return url;
}
