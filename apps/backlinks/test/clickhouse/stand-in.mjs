/**
 * ClickHouse's HTTP interface over chdb, the engine as a library: as much of it as the client uses. `node stand-in.mjs FOLDER` takes
 * chdb from the packages of that folder, and prints the port. One user, `tester` with the password `secret`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { Session } = createRequire(join(process.argv[2], 'index.js'))('chdb');
const folder = mkdtempSync(join(tmpdir(), 'stand-in-'));
const session = new Session(join(folder, 'data'));
const SETTINGS_OF_HTTP = new Set([
  'query',
  'database',
  'query_id',
  'wait_end_of_query',
  'session_id',
  'default_format',
]);
const AUTHORIZATION = `Basic ${Buffer.from('tester:secret').toString('base64')}`;

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The parameters of the URL and of a form, and the query, which is in the URL, the form or the body. */
async function readRequest(request) {
  const body = await bodyOf(request);
  const params = new URL(request.url, 'http://stand-in').searchParams;
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    for (const [name, value] of form) params.append(name, String(value));
    return { params, query: params.get('query'), data: null };
  }
  const query = params.get('query');
  return query === null ? { params, query: body.toString(), data: null } : { params, query, data: body };
}

function literal(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** chdb has one session, so that each request sets everything that it is about. */
function run({ params, query, data }) {
  const database = params.get('database');
  session.query(`USE ${database === null ? 'default' : `\`${database}\``}`);
  for (const [name, value] of params) {
    if (!SETTINGS_OF_HTTP.has(name)) session.query(`SET ${name} = ${literal(value)}`);
  }
  if (data === null || data.length === 0) return session.query(query, 'TabSeparated');
  const path = join(folder, 'inserted');
  writeFileSync(path, data);
  return session.query(
    query.replace(/\s+FORMAT\s+(\w+)\s*$/i, ` FROM INFILE ${literal(path)} FORMAT $1`),
    'TabSeparated',
  );
}

function answer(response, status, text, headers = {}) {
  response.writeHead(status, { 'content-type': 'text/plain; charset=UTF-8', ...headers }).end(text);
}

const server = createServer(async (request, response) => {
  const read = await readRequest(request);
  if (request.headers.authorization !== AUTHORIZATION) {
    answer(response, 403, 'Code: 516. DB::Exception: tester: Authentication failed. (AUTHENTICATION_FAILED)\n');
    return;
  }
  try {
    answer(response, 200, run(read));
  } catch (error) {
    const text = error.message.replace(/^Query failed: /, '');
    const code = /Code: (\d+)/.exec(text)?.[1] ?? '1';
    answer(response, 500, text, { 'x-clickhouse-exception-code': code });
  }
});

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGTERM', () => process.exit());
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
