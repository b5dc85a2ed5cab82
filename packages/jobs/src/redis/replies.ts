import { z } from 'zod';
import type { Reader } from '../scripts.js';

/**
 * The answer of a script that writes JSON. Numbers above 10^14 are strings in it, because Lua would write them with
 * fewer digits.
 */
export function jsonOf<Reply>(schema: z.ZodType<Reply>): Reader<Reply> {
  return { parse: (answer) => schema.parse(JSON.parse(z.string().parse(answer))) };
}

export function replyOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return jsonOf(z.object(shape));
}

/** The answer of a step whose caller only needs to know whether nothing of the job is open any more. */
export const lastReply = replyOf({ last: z.boolean() });
