import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { asAsked, json, serve } from '../../../packages/client/test/service/http-server.js';
import { sampleRow } from '../../../packages/client/test/service/samples.js';
import { invoke } from './invoke.js';

describe('standard output', () => {
  /** Fails at the first write, as a full disk or a closed pipe does. */
  const failing = (code: string) =>
    new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: no more`), { code })) });

  it.each([['jobs'], ['jobs', '--json'], ['rows', 'job_1'], ['rows', 'job_1', '--format', 'csv'], ['--help']])(
    'that cannot be written is said: %s %s %s',
    async (...words) => {
      const { baseUrl: url } = await serve((request, response) =>
        request.path.includes('rows')
          ? void asAsked(request, response).end(`${JSON.stringify(sampleRow(1))}\n`)
          : json(response, { jobs: [], next_cursor: null }),
      );
      const full = await invoke(words, { url, stdout: failing('ENOSPC') });
      expect(full).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Standard output cannot be written: the disk is full (ENOSPC)'),
      });
      expect(full.stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(await invoke(words, { url, stdout: failing('EPIPE') })).toMatchObject({ code: 0, stderr: '' });
    },
  );
});
