import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Environment variables as text, by name. */
export type EnvSource = Readonly<Record<string, string | undefined>>;

export type EnvResult<T> = { readonly ok: true; readonly env: T } | { readonly ok: false; readonly problems: string[] };

type Values = Record<string, string>;

/**
 * Parses an environment and reports all problems at once. An empty variable counts as unset. `NAME_FILE` may name a file that
 * holds the value of `NAME`, so that secrets need not be in the environment.
 */
export function readEnv<S extends z.ZodType>(schema: S, source: EnvSource): EnvResult<z.output<S>> {
  const values = givenValues(source);
  const fromFiles = readFiles(schema, values);
  const parsed = schema.safeParse(values);
  const issues = parsed.success ? [] : parsed.error.issues;
  // A variable whose file cannot be used is reported for that, and not as missing too.
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

/** Sets variables to the contents of their `NAME_FILE` files. */
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

/** The contents of a file, or the problem with it. An empty file is a problem: it would unset a secret. */
function readSecret(name: string, path: string): { secret: string } | string {
  try {
    const secret = readFileSync(path, 'utf8').trimEnd();
    return secret === '' ? `${name}: the file ${path} is empty` : { secret };
  } catch {
    return `${name}: the file ${path} cannot be read`;
  }
}

function schemaKnows(schema: z.core.$ZodType, name: string): boolean {
  // A schema with a transform or preprocess step is a pipe, and the object is its input or its output.
  if (schema instanceof z.ZodPipe) return schemaKnows(schema.in, name) || schemaKnows(schema.out, name);
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, name);
}

function describe(issue: z.core.$ZodIssue, values: Values): string {
  const name = issue.path.join('.');
  // Zod does not keep the input, so a missing variable shows only in the values. A custom rule has its own message.
  const missing = issue.code !== 'custom' && name !== '' && values[String(issue.path[0])] === undefined;
  return `${name === '' ? '' : `${name}: `}${missing ? 'is required' : issue.message}`;
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** In characters. A shorter token could be guessed. */
export const LEAST_SECRET_LENGTH = 16;
export const SECRET_TOO_SHORT = `has a secret of fewer than ${LEAST_SECRET_LENGTH} characters: \`openssl rand -hex 32\` makes a good one`;

const token = () => z.string().regex(/^\S+$/, 'must not contain spaces');

/** Schemas of settings that several processes have. */
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
  /** A token that grants access. */
  secret: () => token().min(LEAST_SECRET_LENGTH, SECRET_TOO_SHORT),
  logLevel: () => z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
};
