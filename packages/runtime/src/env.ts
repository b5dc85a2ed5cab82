import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A process's environment as it was given: names to texts. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

export type EnvResult<T> = { readonly ok: true; readonly env: T } | { readonly ok: false; readonly problems: string[] };

/**
 * Parses an environment, naming everything that is wrong with it at once. An empty variable counts as unset.
 * Any variable may come from a file named by `NAME_FILE`, so that a secret need not stand in the environment.
 */
export function readEnv<S extends z.ZodType>(schema: S, source: EnvSource): EnvResult<z.output<S>> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && value !== '') values[name] = value;
  }
  for (const [name, path] of Object.entries(values)) {
    if (!name.endsWith('_FILE')) continue;
    const target = name.slice(0, -'_FILE'.length);
    if (!schemaKnows(schema, target)) continue;
    if (values[target] !== undefined) problems.push(`${target} and ${name} are both set, keep one`);
    try {
      values[target] = readFileSync(path, 'utf8').trimEnd();
    } catch {
      problems.push(`${name}: the file ${path} cannot be read`);
    }
  }
  const parsed = schema.safeParse(values);
  if (!parsed.success) problems.push(...parsed.error.issues.map(describe));
  return parsed.success && problems.length === 0 ? { ok: true, env: parsed.data } : { ok: false, problems };
}

function schemaKnows(schema: z.ZodType, name: string): boolean {
  return schema instanceof z.ZodObject && name in schema.shape;
}

function describe(issue: z.core.$ZodIssue): string {
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  return `${issue.path.join('.')}: ${missing ? 'is required' : issue.message}`;
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** Settings that the processes share the form of. */
export const envForm = {
  count: (min = 1, max = 1_000_000_000) => wholeNumber(min, max),
  milliseconds: (min = 0, max = 86_400_000) => wholeNumber(min, max),
  port: () => wholeNumber(0, 65_535),
  flag: () => z.enum(['0', '1'], 'must be 0 or 1').transform((value) => value === '1'),
  usd: () =>
    z
      .string()
      .regex(/^\d+(\.\d{1,9})?$/, 'must be an amount of US dollars with at most 9 decimals')
      .transform(Number),
  logLevel: () => z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
};
