import { nearest } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { ApiProblem, invalidRequest, notAvailable } from '../problem.js';
import type { AppEnv } from '../services.js';
import { readBody } from './body.js';
import { pointTo } from './pointers.js';

const MOST_BYTES = 64 * 1024;

/** Reads the body of a request that takes no fields yet: nothing, or an empty JSON object. */
export async function readNoFields(c: Context<AppEnv>, rules: { notAvailable: readonly string[] }): Promise<void> {
  const text = await readText(c);
  if (text.trim() === '') return;
  for (const name of Object.keys(parseObject(text))) {
    const pointer = pointTo('json', [name]);
    if (rules.notAvailable.includes(name)) throw notAvailable(`\`${name}\``, pointer);
    const near = nearest(name, rules.notAvailable);
    throw invalidRequest(pointer, `this field does not exist${near === null ? '' : `, did you mean \`${near}\`?`}`);
  }
}

async function readText({ env, req }: Context<AppEnv>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readBody(env.incoming, req.header('content-encoding'))) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES)
      throw new ApiProblem('body_too_large', 'This call takes no more than 64 KiB: leave the body out.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, as for any other value.
  }
  throw new ApiProblem('invalid_json', 'Leave the body out, or send a JSON object.');
}
