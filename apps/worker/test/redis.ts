/** The address of the tests' Redis, which `pnpm test` starts. */
export const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
