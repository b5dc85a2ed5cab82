import { problem } from '@linkhaul/schemas';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bodiesOf } from '../src/openapi/bodies.js';
import { problemsOf } from '../src/openapi/problems.js';
import { ROUTES } from '../src/routes/index.js';
import type { Answer, Route } from '../src/routing/route.js';
import { sendExample } from './send-example.js';
import { createStarter } from './service.js';
import { SITUATIONS } from './situations.js';

const starter = createStarter();
afterEach(starter.closeAll);

const examples = ROUTES.flatMap(({ routes }) =>
  routes.flatMap((route) =>
    route.examples.map((example) => ({ name: `${route.id}: ${example.title}`, route, example })),
  ),
);

/** All of an answer; of a stream of events, which has no end, the first piece. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  const first = await response.body?.getReader().read();
  await response.body?.cancel().catch(() => undefined);
  return Buffer.from(first?.value ?? []).toString('utf8');
}

/** What of an answer is of its schema: lines one by one, and the part of a file as text. */
function valuesOf(text: string, type: string, status: number): unknown[] {
  const read = (line: string): unknown => JSON.parse(line);
  if (type === 'application/json') return [read(text)];
  return type === 'application/x-ndjson' && status !== 206 ? text.split('\n').filter(Boolean).map(read) : [text];
}

function expectRefusal(route: Route, text: string): void {
  const { type } = problem.parse(JSON.parse(text));
  expect(problemsOf(route).map((code) => `urn:linkhaul:problem:${code}`)).toContain(type);
}

/** The names of an answer's headers, with those that it announced to come after its body. */
function headersOf({ headers }: Response): string[] {
  return [...headers.keys(), ...(headers.get('trailer') ?? '').toLowerCase().split(/,\s*/)];
}

/** Of an answer that is documented without content: nothing. */
function contentlessOf(answer: Answer | undefined): z.ZodType | undefined {
  return answer !== undefined && Object.keys(answer.contents).length === 0 ? z.literal('') : undefined;
}

describe('every example of the description can be sent as it stands', () => {
  it.each(examples)('$name', async ({ route, example }) => {
    const service = await starter.start();
    const ids = await SITUATIONS[example.given](service);
    const response = await sendExample(route, example, { url: service.url, ids });
    const text = await textOf(response);
    expect(response.status, text).toBe(example.status);
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    if (type === 'application/problem+json') return expectRefusal(route, text);
    const answer = route.answers[example.status];
    const schema = type === '' ? contentlessOf(answer) : answer?.contents[type];
    if (schema === undefined) throw new Error(`${type} is not documented`);
    // Nothing may be left out of what is documented, nor be there besides.
    for (const value of valuesOf(text, type, example.status)) expect(schema.parse(value)).toEqual(value);
    const headers = headersOf(response);
    for (const name of Object.keys(answer?.headers ?? {})) expect(headers).toContain(name.toLowerCase());
    const sent = example.body;
    if (sent !== undefined) bodiesOf(route)[sent.type]?.parse(sent.content);
    expect(service.errors).not.toHaveBeenCalled();
  });
});
