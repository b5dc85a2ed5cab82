import { MAX_BODY_BYTES, readBody } from '@linkhaul/runtime';
import { CODES, type JudgedBody, judgeBody, MAX_TASKS } from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { AppEnv, Services } from '../services.js';
import { admissionOf } from '../submit/admission/admitted.js';

interface ReadTasks {
  /** The body. */
  readonly text: string;
  readonly posted: JudgedBody;
}

/** Reads the tasks of a request, of which there may be `most`. A large body waits for its turn, as lists do. */
export async function readTasks(
  c: Context<AppEnv>,
  services: Pick<Services, 'admission'>,
  most = MAX_TASKS,
): Promise<ReadTasks> {
  const pass = admissionOf(c, services);
  try {
    await pass.expect(Number(c.req.header('content-length') ?? MAX_BODY_BYTES));
    const body = await readBody(c.req.raw);
    // The client has left, so nobody gets this answer.
    if (body.kind === 'gone') throw new HTTPException(400);
    if (body.kind === 'text') return { text: body.text, posted: judgeBody(body.text, { most }) };
    return { text: '', posted: { ok: false, code: CODES.invalidBody } };
  } finally {
    pass.leave();
  }
}
