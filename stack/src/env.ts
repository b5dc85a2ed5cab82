/** The environment this process was given. The only place of the package that reads it. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const environment: Environment = process.env;
