import type { FieldType, Value } from './fields.js';
import { wordsOf } from './filter.js';

/** Values to ask for with an operator, so that an item with the real value may meet the condition, or nearly does. */
export function wantedFor(type: FieldType, operator: string, real: Value): unknown[] {
  const plain = plainFor(type, real);
  if (operator === 'in' || operator === 'not_in') return [[real], plain, [...plain, ...plainFor(type, other(type))]];
  if (type === 'str' || type === 'array') return textsFor(operator, String(real)) ?? plain;
  return plain;
}

function plainFor(type: FieldType, real: Value): unknown[] {
  if (type === 'num' || type === 'numbers') return [real, String(real), Number(real) + 1, Number(real) - 1];
  if (type === 'time') return [real, String(real).slice(0, 10)];
  if (type === 'bool') return [real, String(real), !real];
  const text = String(real);
  return /^[1-9]\d{0,8}$/.test(text) ? [text, Number(text)] : [text, text.slice(0, 4), `${text}a`];
}

function other(type: FieldType): Value {
  if (type === 'num' || type === 'numbers') return 1;
  return type === 'time' ? '2024-02-29 12:00:00 +00:00' : 'other';
}

function textsFor(operator: string, text: string): unknown[] | null {
  const kind = operator.replace('not_', '');
  if (kind === 'like') return likesFor(text);
  if (kind === 'ilike') return likesFor(text).map(swapCase);
  if (kind === 'match') return matchesFor(text);
  return kind === 'regex' ? regexesFor(text) : null;
}

function likesFor(text: string): string[] {
  const letters = [...text];
  const third = Math.ceil(letters.length / 3);
  const [head, tail] = [letters.slice(0, third).join(''), letters.slice(-third).join('')];
  const middle = letters.slice(third, -third).join('');
  return [text, `${head}%`, `%${tail}`, `%${middle}%`, `${head}%${tail}`, `_${letters.slice(1).join('')}`, `%_%`, '%'];
}

function matchesFor(text: string): string[] {
  const words = wordsOf(text);
  const [first = 'x', second = 'y'] = words;
  return [first, second.toUpperCase(), `${words.at(-1) ?? 'z'}, ${first}`, first.slice(1) || 'w', `${first} absent`];
}

function regexesFor(text: string): string[] {
  const letters = [...text];
  const escaped = (some: string[]) => some.join('').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return [
    escaped(letters.slice(1, 4)),
    `^${escaped(letters.slice(0, 5))}`,
    `${escaped(letters.slice(-4))}$`,
    `^(?:${escaped(letters)}|other)$`,
    `^[${/[a-z]/.test(text) ? 'a-m' : '0-4'}].+[^e]$`,
    `^.{0,${letters.length}}$`,
    '\\d{2,}|[aeiou]{2}',
  ];
}

function swapCase(text: string): string {
  return [...text]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
}
