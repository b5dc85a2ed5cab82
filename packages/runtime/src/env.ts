import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A process's environment as it was given: names to texts. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

export type EnvResult<T> = { readonly ok: true; readonly env: T } | { readonly ok: false; readonly problems: string[] };

type Values = Record<string, string>;

/**
 * Parses an environment, naming everything that is wrong with it at once. An empty variable counts as unset.
 * Any variable may come from a file named by `NAME_FILE`, so that a secret need not stand in the environment.
 */
export function readEnv<S extends z.ZodType>(schema: S, source: EnvSource): EnvResult<z.output<S>> {
  const values = givenValues(source);
  const fromFiles = readFiles(schema, values);
  const parsed = schema.safeParse(values);
  const issues = parsed.success ? [] : parsed.error.issues;
  // A variable whose file could not be used has been named already; that it is missing is no second problem.
  const others = issues.filter((issue) => !fromFiles.unusable.has(String(issue.path[0])));
  const problems = [...fromFiles.problems, ...others.map((issue) => describe(issue, values))];
  return parsed.success && problems.length === 0 ? { ok: true, env: parsed.data } : { ok: false, problems };
}

function givenValues(source: EnvSource): Values {
  const given: Values = {};
  for (const [name, value] of Object.entries(source)) {
    if (value !== undefined && value !== '') given[name] = value;
  }
  return given;
}

/** Puts the contents of `NAME_FILE` files in the place of their variables. */
function readFiles(schema: z.core.$ZodType, values: Values): { problems: string[]; unusable: Set<string> } {
  const problems: string[] = [];
  const unusable = new Set<string>();
  for (const [name, path] of Object.entries(values)) {
    const target = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : '';
    if (!schemaKnows(schema, target)) continue;
    const read = values[target] === undefined ? readSecret(name, path) : `${target} and ${name} are both set, keep one`;
    if (typeof read === 'string') {
      problems.push(read);
      unusable.add(target);
    } else values[target] = read.secret;
  }
  return { problems, unusable };
}

/** The contents of a file, or the problem with it. An empty one is never what was meant: it would unset a secret. */
function readSecret(name: string, path: string): { secret: string } | string {
  try {
    const secret = readFileSync(path, 'utf8').trimEnd();
    return secret === '' ? `${name}: the file ${path} is empty` : { secret };
  } catch {
    return `${name}: the file ${path} cannot be read`;
  }
}

function schemaKnows(schema: z.core.$ZodType, name: string): boolean {
  // A transform or a preprocess step around the object is a pipe; the object is one of its ends.
  if (schema instanceof z.ZodPipe) return schemaKnows(schema.in, name) || schemaKnows(schema.out, name);
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, name);
}

function describe(issue: z.core.$ZodIssue, values: Values): string {
  const name = issue.path.join('.');
  // Zod does not keep the input: what is not among the values was not given. A custom rule has words of its own.
  const missing = issue.code !== 'custom' && name !== '' && values[String(issue.path[0])] === undefined;
  return `${name === '' ? '' : `${name}: `}${missing ? 'is required' : issue.message}`;
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** In characters: a shorter one can be guessed. */
export const LEAST_SECRET_LENGTH = 16;
export const SECRET_TOO_SHORT = `has a secret of fewer than ${LEAST_SECRET_LENGTH} characters: \`openssl rand -hex 32\` makes a good one`;

const token = () => z.string().regex(/^\S+$/, 'must not contain spaces');

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
  token,
  /** What lets its holder in. */
  secret: () => token().min(LEAST_SECRET_LENGTH, SECRET_TOO_SHORT),
  logLevel: () => z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
};
