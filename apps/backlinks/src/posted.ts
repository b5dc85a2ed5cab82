import { readBody } from '@linkhaul/runtime';
import { CODES, type JudgedBody, judgeBody, type ListOf } from '@linkhaul/schemas/vendor';

/** The tasks of a request, at least one, or the code that refuses it; null if the client has left. */
export type Posted = JudgedBody | { readonly ok: false; readonly code: null };

export async function readPosted(request: Request, listOf?: ListOf): Promise<Posted> {
  const body = await readBody(request);
  if (body.kind === 'gone') return { ok: false, code: null };
  return body.kind === 'text' ? judgeBody(body.text, listOf && { listOf }) : { ok: false, code: CODES.invalidBody };
}
