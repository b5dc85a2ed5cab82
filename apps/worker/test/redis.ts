/** Where the tests' Redis is; `pnpm test` starts one. */
export const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
