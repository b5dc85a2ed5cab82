import { z } from 'zod';
import type { Reader } from '../scripts.js';

/** What a script has written as JSON. Numbers above 10^14 are texts there: Lua would write them with fewer digits. */
export function jsonOf<Reply>(schema: z.ZodType<Reply>): Reader<Reply> {
  return { parse: (answer) => schema.parse(JSON.parse(z.string().parse(answer))) };
}

export function replyOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return jsonOf(z.object(shape));
}

/** The reply of a step of which nothing else is asked: whether nothing of the job is open any more. */
export const lastReply = replyOf({ last: z.boolean() });
