/** The environment of this process. No other file of the package reads it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const environment: Environment = process.env;
