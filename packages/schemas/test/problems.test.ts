import { describe, expect, it } from 'vitest';
import {
  FAILED_CODES,
  INVALID_CODES,
  isRetryable,
  PROBLEMS,
  type ProblemCode,
  problem,
  problemType,
  ROW_ERROR_CODES,
  type RowErrorCode,
  rowError,
  SKIPPED_CODES,
} from '../src/index.js';

describe('problems', () => {
  it('have a status that says whose turn it is, a title, and a type that never changes', () => {
    for (const [code, { status, title }] of Object.entries(PROBLEMS)) {
      expect(code).toMatch(/^[a-z_]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
    }
    expect(problemType('invalid_rows')).toBe('urn:linkhaul:problem:invalid_rows');
    const codes = Object.keys(PROBLEMS).filter((code): code is ProblemCode => code in PROBLEMS);
    expect(new Set(codes.map(problemType)).size).toBe(codes.length);
  });

  it('name what is wrong by line or by pointer', () => {
    const whole = {
      type: problemType('invalid_rows'),
      ...PROBLEMS.invalid_rows,
      detail: '1 of 2 rows is invalid.',
      errors: [
        { line: 2, code: 'whitespace', message: INVALID_CODES.whitespace },
        { pointer: '/params/filters', code: 'invalid', message: 'must be a condition' },
      ],
    };
    expect(problem.parse(whole)).toEqual(whole);
    expect(problem.safeParse({ ...whole, errors: [{ line: 2 }] }).success).toBe(false);
    expect(problem.safeParse({ ...whole, status: '422' }).success).toBe(false);
  });
});

describe('row error codes', () => {
  const codes = Object.keys(ROW_ERROR_CODES).filter((code): code is RowErrorCode => code in ROW_ERROR_CODES);

  it('mean one thing each: invalid, failed or skipped', () => {
    const all = [INVALID_CODES, FAILED_CODES, SKIPPED_CODES].flatMap((list) => Object.keys(list));
    expect(all.sort()).toEqual([...codes].sort());
    expect(new Set(all).size).toBe(all.length);
  });

  it('are a closed list: a row with another is none', () => {
    const error = { message: '', retryable: false, attempts: 0 };
    for (const code of codes) expect(rowError.parse({ ...error, code })).toEqual({ ...error, code });
    expect(rowError.safeParse({ ...error, code: 'something_else' }).success).toBe(false);
  });

  it('say what they mean in a sentence', () => {
    for (const message of Object.values(ROW_ERROR_CODES)) expect(message).toMatch(/^[A-Z].*\.$/);
  });

  it('an invalid row stays invalid, a refused call stays refused, the others may succeed', () => {
    expect(codes.filter(isRetryable).sort()).toEqual([
      'answer_lost',
      'budget',
      'cancelled',
      'deadline',
      'missing_in_answer',
      'unconfirmed',
      'upstream_error',
    ]);
  });
});
