import { createHash } from 'node:crypto';
import { MAX_BODY_BYTES, readBody } from '@linkhaul/runtime';
import { CODES, type JudgedBody, judgeBody, MAX_TASKS } from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { AppEnv, Services } from '../services.js';
import { admissionOf } from '../submit/admission/admitted.js';

interface ReadTasks {
  /** Of the body, by which equal requests are known: those that wait for an answer do not hold their text. */
  readonly digest: string;
  readonly posted: JudgedBody;
}

/** The tasks of a request, which is refused if it has more than `most`. A large body waits for its turn, as lists do. */
export async function readTasks(
  c: Context<AppEnv>,
  services: Pick<Services, 'admission'>,
  most = MAX_TASKS,
): Promise<ReadTasks> {
  const pass = admissionOf(c, services);
  try {
    await pass.expect(Number(c.req.header('content-length') ?? MAX_BODY_BYTES));
    const body = await readBody(c.req.raw);
    // Nobody hears the answer.
    if (body.kind === 'gone') throw new HTTPException(400);
    const text = body.kind === 'text' ? body.text : null;
    const digest = createHash('sha256')
      .update(text ?? '')
      .digest('hex');
    return { digest, posted: text === null ? { ok: false, code: CODES.invalidBody } : judgeBody(text, { most }) };
  } finally {
    pass.leave();
  }
}
