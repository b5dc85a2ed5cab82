import type { Context } from 'hono';
import { ApiProblem, invalidRequest } from '../problem.js';
import type { AppEnv } from '../services.js';
import { readBody } from './body.js';
import { unknownName } from './field-errors.js';
import { judgeNames } from './json-tokens.js';
import { pointTo } from './pointers.js';

const MOST_BYTES = 64 * 1024;

/** Reads a request's JSON object, which may have only the known names. An empty body is an empty object. */
export async function readSmallBody(c: Context<AppEnv>, known: readonly string[]): Promise<object> {
  const text = await readText(c);
  if (text.trim() === '') return {};
  const value = parseObject(text);
  judgeNames(text, inBody);
  refuseUnknownNames(value, known);
  return value;
}

function inBody(path: readonly PropertyKey[]): string {
  return pointTo('json', path);
}

function refuseUnknownNames(value: object, known: readonly string[]): void {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    throw invalidRequest(inBody([name]), unknownName(name, known));
  }
}

async function readText({ env, req }: Context<AppEnv>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of readBody(env.incoming, req.header('content-encoding'))) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new ApiProblem('body_too_large', 'This call takes no more than 64 KiB.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Refused below, like any other value.
  }
  throw new ApiProblem('invalid_json', 'Leave the body out, or send a JSON object.');
}
