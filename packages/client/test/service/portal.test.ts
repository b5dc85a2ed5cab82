import { expect, test } from 'vitest';
import { createLinkhaulClient, type LinkhaulClient, LinkhaulUnexpectedAnswer } from '../../src/service/index.js';
import { collect, serve } from './http-server.js';

/** Methods that must not take a login page in front of the service for an answer. */
const asking: Readonly<Record<string, (client: LinkhaulClient) => Promise<unknown>>> = {
  results: (client) => collect(client.results('job_1')),
  rows: (client) => collect(client.rows('job_1')),
  states: (client) => collect(client.states('job_1')),
  download: (client) => client.download('job_1', { format: 'csv' }),
  downloadRows: (client) => client.downloadRows('job_1', { format: 'ndjson' }),
  tagResults: (client) => client.tagResults('t'),
  downloadTagResults: (client) => client.downloadTagResults('t', { format: 'parquet' }),
  tagDiff: (client) => client.tagDiff('t'),
  downloadTagDiff: (client) => client.downloadTagDiff('t', { format: 'json' }),
  downloadUsage: (client) => client.downloadUsage(),
  remove: (client) => client.remove('job_1'),
  revokeKey: (client) => client.revokeKey('k1'),
};

test.each(Object.keys(asking))('a page that answers %s with 200 is an unexpected answer', async (name) => {
  const { baseUrl, seen } = await serve((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Log in</html>\n'),
  );
  const asked = asking[name]?.(createLinkhaulClient({ baseUrl }));
  await expect(asked).rejects.toThrow(LinkhaulUnexpectedAnswer);
  await expect(asked).rejects.toMatchObject({ status: 200, retryable: false });
  expect(seen).toHaveLength(1);
});
