import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type EnvSource, envForm, readEnv } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'linkhaul-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(contents: string): string {
  const path = join(folder, `${Math.random()}`);
  writeFileSync(path, contents);
  return path;
}

const schema = z.object({
  NAME: z.string(),
  SECRET: z.string().optional(),
  PORT: envForm.port().prefault('8080'),
  ON: envForm.flag().prefault('0'),
});

function problemsOf(source: EnvSource, form: z.ZodType = schema): string[] {
  const read = readEnv(form, source);
  return read.ok ? [] : read.problems;
}

describe('readEnv', () => {
  it('reads what is set and fills in the rest', () => {
    expect(readEnv(schema, { NAME: 'a', ON: '1', OTHER: 'x' })).toEqual({
      ok: true,
      env: { NAME: 'a', PORT: 8080, ON: true },
    });
  });

  it('counts an empty variable as unset', () => {
    expect(readEnv(schema, { NAME: 'a', SECRET: '', PORT: '', SECRET_FILE: '' })).toMatchObject({
      env: { PORT: 8080 },
    });
    expect(problemsOf({ NAME: '' })).toEqual(['NAME: is required']);
  });

  it('names all problems at once', () => {
    expect(problemsOf({ PORT: '99999', ON: 'yes', SECRET_FILE: join(folder, 'none') })).toEqual([
      `SECRET_FILE: the file ${join(folder, 'none')} cannot be read`,
      'NAME: is required',
      'PORT: must be at most 65535',
      'ON: must be 0 or 1',
    ]);
  });

  it('tells a wrong value from a missing one', () => {
    const numbers = z.object({ WRONG: z.coerce.number(), GONE: z.coerce.number(), FLAG: envForm.flag() });
    const problems = problemsOf({ WRONG: 'many' }, numbers);
    expect(problems[0]).toMatch(/^WRONG: (?!is required)/);
    expect(problems.slice(1)).toEqual(['GONE: is required', 'FLAG: is required']);
  });

  it('says what a rule about several variables says', () => {
    const pair = schema.refine((env) => env.ON, { message: 'needs ON=1', path: ['SECRET'] });
    expect(problemsOf({ NAME: 'a' }, pair)).toEqual(['SECRET: needs ON=1']);
    const whole = schema.refine((env) => env.ON, 'ON=1 is needed for this');
    expect(problemsOf({ NAME: 'a' }, whole)).toEqual(['ON=1 is needed for this']);
  });
});

describe('a variable from a file', () => {
  it('is the contents of the file, without the line break at its end', () => {
    const source = { NAME: 'a', SECRET_FILE: fileWith(' s3cret\n') };
    expect(readEnv(schema, source)).toMatchObject({ ok: true, env: { SECRET: ' s3cret' } });
  });

  it('satisfies what is required, and is checked like any other', () => {
    expect(problemsOf({ NAME_FILE: fileWith('a') })).toEqual([]);
    expect(problemsOf({ NAME: 'a', PORT_FILE: fileWith('x') })).toEqual(['PORT: must be a whole number']);
  });

  it('is read for a schema that is transformed afterwards, too', () => {
    const transformed = schema.transform((env) => env.SECRET);
    expect(readEnv(transformed, { NAME: 'a', SECRET_FILE: fileWith('s') })).toEqual({ ok: true, env: 's' });
    const prepared = z.preprocess((env) => env, schema);
    expect(readEnv(prepared, { NAME: 'a', SECRET_FILE: fileWith('s') })).toMatchObject({ env: { SECRET: 's' } });
  });

  it('must not be set in both ways', () => {
    expect(problemsOf({ NAME: 'a', NAME_FILE: fileWith('b') })).toEqual(['NAME and NAME_FILE are both set, keep one']);
  });

  it('must be readable and hold something; that it is missing then is no second problem', () => {
    const none = join(folder, 'none');
    expect(problemsOf({ NAME_FILE: none })).toEqual([`NAME_FILE: the file ${none} cannot be read`]);
    const empty = fileWith(' \n');
    expect(problemsOf({ NAME_FILE: empty })).toEqual([`NAME_FILE: the file ${empty} is empty`]);
  });

  it('leaves files of names that the schema does not know alone', () => {
    expect(problemsOf({ NAME: 'a', OTHER_FILE: join(folder, 'none'), _FILE: 'x', constructor_FILE: 'x' })).toEqual([]);
    const own = z.object({ DATA_FILE: z.string() });
    expect(readEnv(own, { DATA_FILE: '/data' })).toEqual({ ok: true, env: { DATA_FILE: '/data' } });
  });
});

describe('envForm', () => {
  const forms = {
    count: envForm.count(1, 50),
    milliseconds: envForm.milliseconds(),
    port: envForm.port(),
    flag: envForm.flag(),
    usd: envForm.usd(),
    logLevel: envForm.logLevel(),
  };

  it.each([
    ['count', '50', 50],
    ['milliseconds', '0', 0],
    ['port', '65535', 65_535],
    ['flag', '1', true],
    ['flag', '0', false],
    ['usd', '0.000036', 0.000036],
    ['usd', '12', 12],
    ['logLevel', 'silent', 'silent'],
  ] as const)('%s reads %s', (form, text, value) => {
    expect(forms[form].parse(text)).toBe(value);
  });

  it.each([
    ['count', '0'],
    ['count', '51'],
    ['count', '1.5'],
    ['count', '1e1'],
    ['count', ' 5'],
    ['milliseconds', '-1'],
    ['milliseconds', '86400001'],
    ['port', '65536'],
    ['flag', 'true'],
    ['usd', '-1'],
    ['usd', '.5'],
    ['usd', '1e3'],
    ['usd', '0.0000000001'],
    ['logLevel', 'loud'],
  ] as const)('%s refuses %s', (form, text) => {
    expect(forms[form].safeParse(text).success).toBe(false);
  });
});
