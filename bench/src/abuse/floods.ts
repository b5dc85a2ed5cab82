import { gzipSync } from 'node:zlib';

/** A request that is small when sent and large when decompressed or parsed. */
export interface Flood {
  readonly name: string;
  readonly method: 'POST' | 'PUT';
  /** `:id` stands for a job. */
  readonly path: string;
  /** The body, compressed by gzip. */
  readonly body: Buffer;
}

const MILLION = 1_000_000;

/** A body full of one thing, for each route that accepts it. */
export function floods(): readonly Flood[] {
  const job = (fields: string) => `{"endpoint":"bulk_backlinks","targets":["example.com"],${fields}}`;
  const events = (name: string) => many(MILLION, () => `"${name}"`);
  const submitted = (name: string, fields: string) => flood(name, 'POST /v1/jobs', job(fields));
  return [
    submitted('webhook.events, unknown', `"webhook":{"url":"http://127.0.0.1/","events":[${events('x')}]}`),
    submitted('webhook.events, known', `"webhook":{"url":"http://127.0.0.1/","events":[${events('job.failed')}]}`),
    submitted('params, names', `"params":{${many(MILLION, (at) => `"p${at}":1`)}}`),
    submitted('params, long names', `"params":{${many(100, (at) => `"${at}${'x'.repeat(200_000)}":1`)}}`),
    submitted('metadata, members', `"metadata":{${many(MILLION, (at) => `"m${at}":1`)}}`),
    submitted('filters', `"params":{"filters":[${many(MILLION, () => '["x","=",1]')}]}`),
    submitted('depth', `"params":${'['.repeat(MILLION)}`),
    submitted('one long string', `"tag":"${'x'.repeat(60 * MILLION)}"`),
    submitted('one long number', `"max_cost_usd":${'9'.repeat(10 * MILLION)}`),
    // A body within the limit is parsed whole.
    submitted('webhook.events, 60 kB', `"webhook":{"events":[${many(15_000, () => '"x"')}]}`),
    submitted('params, names, 60 kB', `"params":{${many(6_000, (at) => `"p${at}":1`)}}`),
    submitted('metadata, 60 kB', `"metadata":{${many(6_000, (at) => `"m${at}":1`)}}`),
    flood('retry, codes, 60 kB', 'POST /v1/jobs/:id/retry', `{"codes":[${many(15_000, () => '"x"')}]}`),
    flood('keys, members', 'POST /v1/keys', `{${many(MILLION, (at) => `"m${at}":1`)}}`),
    flood('tenant, depth', 'PUT /v1/tenants/local', '['.repeat(60_000)),
  ];
}

function flood(name: string, route: `${Flood['method']} ${string}`, text: string): Flood {
  const [method, path] = route.split(' ');
  return { name, method: method === 'PUT' ? 'PUT' : 'POST', path: path ?? '', body: gzipSync(text) };
}

function many(times: number, piece: (at: number) => string): string {
  return Array.from({ length: times }, (_, at) => piece(at)).join();
}
