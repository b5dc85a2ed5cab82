import type { z } from 'zod';
import { CODES, messageOf } from './codes.js';

/** Why a task is not executed, in the vendor's words. It costs nothing. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** Limits that keep a message short, whatever was sent. */
const MAX_NAMED = 5;
const MAX_NAME_LENGTH = 64;

/** The refusal of a field whose value is not accepted. */
export function invalidField(name: string): Refusal {
  return { code: CODES.invalidField, message: messageOf(CODES.invalidField).replace(/\.$/, `: '${name}'.`) };
}

/** The refusal of a task that its schema does not accept. */
export function refusedFor(issues: readonly z.core.$ZodIssue[]): Refusal {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  if (unknown.length === 0) return invalidField(String(issues[0]?.path[0] ?? ''));
  const names = unknown.slice(0, MAX_NAMED).map((name) => name.slice(0, MAX_NAME_LENGTH));
  return { code: CODES.unknownField, message: `Unknown Fields in POST Data: ${names.join(', ')}` };
}
