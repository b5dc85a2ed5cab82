/** The environment of the test run; TEST_REDIS_URL is set by the command that runs it. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;
