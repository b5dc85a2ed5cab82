import type { Context } from 'hono';
import { readBody } from '../../request/body.js';
import type { AppEnv, Services } from '../../services.js';
import type { Pass } from './admission.js';

/** The pass of a request that brings a list. */
export function admissionOf(c: Context<AppEnv>, { admission }: Pick<Services, 'admission'>): Pass {
  // The admin's key belongs to no tenant.
  return admission.of(c.get('tenant') ?? '', c.req.raw.signal);
}

/** The decoded bytes of the body. Each piece is read once its pass admits it. */
export async function* admitted(
  { req, env }: Context<AppEnv>,
  pass: Pass,
  onBytes: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  await pass.expect(Number(req.header('content-length') ?? 0));
  for await (const chunk of readBody(env.incoming, req.header('content-encoding'))) {
    await pass.read(chunk.length);
    onBytes(chunk);
    yield chunk;
  }
}
