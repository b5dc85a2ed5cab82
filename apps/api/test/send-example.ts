import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { createDocument } from '../src/openapi/document.js';
import { ROUTES } from '../src/routes/index.js';
import type { Example, Route } from '../src/routing/route.js';
import type { Ids } from './situations.js';

const samples = z.record(
  z.string(),
  z.record(z.string(), z.object({ 'x-codeSamples': z.array(z.object({ label: z.string(), source: z.string() })) })),
);
const paths = samples.parse(createDocument(ROUTES).paths);

interface Sending {
  readonly url: string;
  /** Real ids by those of the example. */
  readonly ids: Ids;
  /** The tenant's key. A service without keys takes any text. */
  readonly key?: string;
}

/** Sends what curl would send if a shell read the example's line in the API description. */
export async function sendExample(route: Route, example: Example, sending: Sending): Promise<Response> {
  const shown = paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method]?.['x-codeSamples'];
  const line = shown?.find(({ label }) => label === example.title);
  if (line === undefined) throw new Error(`the description does not show ${example.title}`);
  const withIds = (arg: string) =>
    Object.entries(sending.ids).reduce((all, [sample, real]) => all.replaceAll(sample, real), arg);
  return send(argumentsOf(line.source, sending).map(withIds));
}

/** The arguments that a shell gives to curl when it reads a line. */
function argumentsOf(line: string, { url, key = 'key-a-of-a-tenant' }: Sending): string[] {
  const env = { LINKHAUL_URL: url, LINKHAUL_API_KEY: key, LINKHAUL_ADMIN_KEY: 'key-admin-of-all' };
  const text = execFileSync('/bin/sh', ['-c', `curl() { printf '%s\\0' "$@"; }; ${line}`], { env, encoding: 'utf8' });
  return text.split('\0').slice(0, -1);
}

async function send(args: readonly string[]): Promise<Response> {
  const headers = new Headers();
  let url = '';
  let method: string | undefined;
  let body: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '-X') method = args[++at];
    else if (arg === '--data-raw') body = args[++at];
    else if (arg === '-H') {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/s.exec(args[++at] ?? '') ?? [];
      headers.set(name, value);
    } else url = arg;
  }
  return fetch(url, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    redirect: 'manual',
    ...(body !== undefined && { body }),
  });
}
