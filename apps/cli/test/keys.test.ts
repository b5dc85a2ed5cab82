import { describe, expect, it } from 'vitest';
import { serve } from '../../../packages/client/test/service/http-server.js';
import { invoke } from './invoke.js';
import { asked, checkExchange } from './service.js';

describe('keys', () => {
  const shown = {
    id: 'k1',
    name: 'ci',
    scope: 'read',
    hint: 'lh_abcd…',
    created_at: '2026-11-01T00:00:00Z',
    last_used_at: null,
  };

  it.each([
    [
      ['keys'],
      'GET /v1/keys',
      { keys: [shown], next_cursor: null },
      'id  name  scope  key       created     last used\nk1  ci    read   lh_abcd…  2026-11-01  never\n',
    ],
    [
      ['keys', '--tenant', 'acme', '--json'],
      'GET /v1/keys?tenant=acme',
      { keys: [shown], next_cursor: null },
      `${JSON.stringify({ keys: [shown], next_cursor: null })}\n`,
    ],
    [
      ['keys', 'create', '--name', 'ci', '--scope', 'read'],
      'POST /v1/keys {"name":"ci","scope":"read"}',
      { ...shown, key: 'secret' },
      'secret\n',
    ],
    [
      ['keys', 'create', '--tenant', 'acme', '--name', 'first', '--scope', 'admin'],
      'POST /v1/keys?tenant=acme {"name":"first","scope":"admin"}',
      { ...shown, key: 'secret' },
      'secret\n',
    ],
    [['keys', 'rotate', 'k1'], 'POST /v1/keys/k1/rotate', { ...shown, key: 'other' }, 'other\n'],
    [
      ['keys', 'rotate', 'k1', '--tenant', 'acme'],
      'POST /v1/keys/k1/rotate?tenant=acme',
      { ...shown, key: 'other' },
      'other\n',
    ],
  ])('%j', (...exchange) => checkExchange(exchange));

  it('a deleted key says so', async () => {
    const { baseUrl: url, seen } = await serve((_, response) => void response.writeHead(204).end());
    expect(await invoke(['keys', 'delete', 'k1'], { url })).toMatchObject({ code: 0, stderr: 'Key k1 is gone.\n' });
    expect(await invoke(['keys', 'delete', 'k1', '--tenant', 'acme'], { url })).toMatchObject({ code: 0 });
    expect(seen.map(asked)).toEqual(['DELETE /v1/keys/k1', 'DELETE /v1/keys/k1?tenant=acme']);
  });
});
