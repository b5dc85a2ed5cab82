import { connect } from 'node:net';
import { job, problem, result, row } from '@linkhaul/schemas';
import { expect } from 'vitest';
import { z } from 'zod';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export async function ask(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export function postJson(url: string, body: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return ask(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text });
}

export function putJson(url: string, body: unknown): Promise<Answer> {
  return ask(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

export function postText(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return ask(url, { method: 'POST', headers: { 'content-type': 'text/plain', ...headers }, body });
}

/** The problem that an answer is, of this code. */
export function problemOf(answer: { status: number; text: string }, code: string): z.infer<typeof problem> {
  const parsed = problem.parse(JSON.parse(answer.text));
  expect(parsed.type).toBe(`urn:linkhaul:problem:${code}`);
  expect(parsed.status).toBe(answer.status);
  return parsed;
}

export function jobOf(answer: Answer): z.infer<typeof job> {
  expect(answer.status, answer.text).toBeLessThan(300);
  const parsed = job.parse(JSON.parse(answer.text));
  const { total, ...parts } = parsed.rows;
  expect(total).toBe(Object.values(parts).reduce((sum, part) => sum + part, 0));
  return parsed;
}

const LINES = {
  results: {
    line: result,
    page: z.object({ results: z.array(result), next_cursor: z.string().nullable(), done: z.boolean() }),
  },
  rows: { line: row, page: z.object({ rows: z.array(row), next_cursor: z.string().nullable() }) },
};

type Name = keyof typeof LINES;

export interface Page {
  /** Each line as it was written, so that the order of its keys counts. */
  readonly lines: string[];
  readonly next: string | null;
  readonly done: boolean | undefined;
}

export async function pageOf(url: string, name: Name, query: Record<string, string> = {}): Promise<Page> {
  const answer = await ask(`${url}/${name}?${new URLSearchParams(query)}`);
  expect(answer.status, answer.text).toBe(200);
  const raw = JSON.parse(answer.text);
  const parsed = LINES[name].page.parse(raw);
  const lines: unknown[] = raw[name];
  return {
    lines: lines.map((line) => JSON.stringify(line)),
    next: parsed.next_cursor,
    done: 'done' in parsed ? parsed.done : undefined,
  };
}

/** Every line from a cursor on, page by page, until no page follows. */
export async function pagesOf(url: string, name: Name, query: Record<string, string> = {}): Promise<string[]> {
  const all: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await pageOf(url, name, { ...query, ...(cursor !== null && { cursor }) });
    all.push(...page.lines);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

export async function ndjsonOf(url: string, name: Name, query: Record<string, string> = {}): Promise<string[]> {
  const answer = await ask(`${url}/${name}?${new URLSearchParams({ ...query, format: 'ndjson' })}`);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.text === '' || answer.text.endsWith('\n')).toBe(true);
  const lines = answer.text.split('\n').slice(0, -1);
  for (const line of lines) LINES[name].line.parse(JSON.parse(line));
  return lines;
}

interface HalfRequest {
  readonly port: number;
  readonly path: string;
  readonly headers?: Record<string, string>;
  /** What is sent of the body; more is announced, and nothing follows. */
  readonly body: string | Uint8Array;
}

/** Sends the beginning of a request and leaves the connection open: the answer that comes all the same. */
export function sendHalf({ port, path, headers = {}, body }: HalfRequest): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const all = { Host: '127.0.0.1', 'Content-Length': '1000000', ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    let received = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.write(body);
    });
    socket.setEncoding('utf8').on('data', (text) => {
      received += text;
      const [head = '', text1 = ''] = received.split('\r\n\r\n');
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (length === undefined || Buffer.byteLength(text1) < Number(length)) return;
      socket.destroy();
      resolve({ status: Number(head.split(' ')[1]), text: text1 });
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${received}`)));
  });
}
