/** The environment this process was given. The only place of the package that reads it. */
export type Environment = Readonly<Record<string, string | undefined>>;

// biome-ignore lint/style/noProcessEnv: the one place that reads it
export const environment: Environment = process.env;
