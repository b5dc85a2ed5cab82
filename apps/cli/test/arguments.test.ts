import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import {
  decimal,
  flag,
  jsonObject,
  oneOf,
  option,
  pairs,
  required,
  short,
  someOf,
  text,
  usd,
  wholeNumber,
} from '../src/arguments/option.js';
import { parseWords } from '../src/arguments/parse.js';
import { CliFailure, failureOf } from '../src/failure.js';

const grammar = {
  takes: ['FILE', '[MORE]'],
  options: {
    endpoint: short('e', required('NAME', 'what to ask', oneOf(['bulk_backlinks', 'domain_pages']))),
    'max-cost': option('USD', 'budget', usd),
    limit: option('N', 'count', wholeNumber(1, 1000)),
    params: option('JSON', 'parameters', jsonObject),
    metadata: pairs('pairs'),
    status: option('LIST', 'statuses', someOf(['ok', 'failed'])),
    tag: option('TAG', 'name', text),
    share: option('SHARE', 'a share', decimal(1)),
    json: flag('machines'),
  },
};

const parse = (...words: string[]) => parseWords(words, grammar);
const refusal = (...words: string[]) => {
  try {
    parse(...words);
  } catch (error) {
    const { exit, message } = failureOf(error, 'http://service');
    expect(exit).toBe(2);
    return message;
  }
  return null;
};

describe('a command line', () => {
  it('gives options by their types, wherever they stand', () => {
    const words = ['-e', 'domain_pages', 'list.txt', '--max-cost=2.50', '--limit', '7', '--json'];
    const { values, args } = parse(...words, '--params', '{"a":[1]}', '--metadata', 'a=1', '--metadata', 'b=x=y');
    expect(args).toEqual(['list.txt']);
    expect(values).toEqual({
      endpoint: 'domain_pages',
      'max-cost': 2.5,
      limit: 7,
      params: { a: [1] },
      metadata: { a: '1', b: 'x=y' },
      share: undefined,
      status: undefined,
      tag: undefined,
      json: true,
    });
  });

  it('takes - as a file, and what stands behind -- as no option', () => {
    expect(parse('-', '-ebulk_backlinks').args).toEqual(['-']);
    expect(parse('-e', 'bulk_backlinks', '--', '--json').args).toEqual(['--json']);
    expect(parse('x', '-e', 'bulk_backlinks', '--tag=--json').values.tag).toBe('--json');
  });

  it.each([
    [[], 'FILE is missing'],
    [['a', 'b', 'c', '-e', 'domain_pages'], '"c" is one argument too many'],
    [['', '-e', 'domain_pages'], 'FILE must not be empty'],
    [['a'], '--endpoint is required: what to ask.'],
    [['a', '-e', 'domain_page'], '--endpoint "domain_page": did you mean domain_pages?'],
    [['a', '-e', 'zzz'], '--endpoint must be one of bulk_backlinks, domain_pages.'],
    [['a', '--max-cots', '1'], 'Did you mean --max-cost?'],
    [['a', '--tag', '--json'], '--tag needs a value'],
    [['a', '--tag'], '--tag needs a value'],
    [['a', '-e', 'domain_pages', '--tag='], '--tag must not be empty'],
    [['a', '--tag', 'x', '--tag', 'y'], '--tag is given twice'],
    [['a', '--json=yes'], '--json takes no value'],
    [['a', '-x'], 'There is no option -x'],
    [['a', '--__proto__', 'x'], 'There is no option --__proto__'],
    [['a', '--constructor'], 'There is no option --constructor'],
    [['a', '-e', 'domain_pages', '--max-cost', '1e3'], '--max-cost must be an amount'],
    [['a', '-e', 'domain_pages', '--max-cost=-1'], '--max-cost must be an amount'],
    [['a', '-e', 'domain_pages', '--max-cost', 'NaN'], '--max-cost must be an amount'],
    [['a', '-e', 'domain_pages', '--limit', '0'], '--limit must be a whole number from 1 to 1000'],
    [['a', '-e', 'domain_pages', '--limit', '0x10'], '--limit must be a whole number'],
    [['a', '-e', 'domain_pages', '--params', '[1]'], '--params must be a JSON object'],
    [['a', '-e', 'domain_pages', '--params', '{'], '--params must be a JSON object'],
    [['a', '-e', 'domain_pages', '--metadata', '=1'], '--metadata must be name=value'],
    [['a', '-e', 'domain_pages', '--metadata', 'a=1', '--metadata', 'a=2'], '--metadata names a twice: keep one.'],
    [['a', '-e', 'domain_pages', '--share', '1.5'], '--share must be a number from 0 to 1.'],
    [['a', '-e', 'domain_pages', '--share', '1e-3'], '--share must be a number'],
    [['a', '-e', 'domain_pages', '--share', '.'], '--share must be a number'],
    [['a', '-e', 'domain_pages', '--status', 'foo'], '--status must be one of ok, failed.'],
    [['a', '--bad', '1'], 'There is no option --bad. --help lists the options.'],
    [['a', '-e', 'domain_pages', '--status', 'ok,fail'], '--status "fail": did you mean failed?'],
  ])('%j is refused with what to do', (words, message) => {
    expect(refusal(...words)).toContain(message);
  });

  it('is understood or refused in one printable line, whatever it holds', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('--tag', '-e', '--', '-', '--params', '--json', '\u001b[2J', '--\u202e', '-\n', '--a=\0'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        try {
          parse(...words);
        } catch (error) {
          expect(error).toBeInstanceOf(CliFailure);
          expect(failureOf(error, '').message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        }
      }),
      { numRuns: tries(100) },
    );
  });
});
