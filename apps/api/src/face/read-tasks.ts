import { readBody } from '@linkhaul/runtime';
import { CODES, type JudgedBody, judgeBody } from '@linkhaul/schemas/vendor';
import { HTTPException } from 'hono/http-exception';

/** The tasks of a request, and its text, by which equal requests are known. */
export async function readTasks(request: Request): Promise<{ readonly text: string; readonly posted: JudgedBody }> {
  const body = await readBody(request);
  // Nobody hears the answer.
  if (body.kind === 'gone') throw new HTTPException(400);
  if (body.kind === 'text') return { text: body.text, posted: judgeBody(body.text) };
  return { text: '', posted: { ok: false, code: CODES.invalidBody } };
}
