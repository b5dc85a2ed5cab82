import { z } from 'zod';
import type { Reader } from '../scripts.js';

/** What a script has written as JSON. Numbers above 10^14 are texts there: Lua would write them with fewer digits. */
export function jsonOf<Reply>(schema: z.ZodType<Reply>): Reader<Reply> {
  return { parse: (answer) => schema.parse(JSON.parse(z.string().parse(answer))) };
}

export function replyOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return jsonOf(z.object(shape));
}
