import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { asAsked, json, serve } from '../../../packages/client/test/service/http-server.js';
import { finishedJob, sampleJob, sampleRow } from '../../../packages/client/test/service/samples.js';
import { invoke } from './invoke.js';
import { nobody, problem } from './service.js';

describe('watching', () => {
  const someInvalid = { total: 2, pending: 0, ok: 1, empty: 0, failed: 0, invalid: 1, skipped: 0 };

  it('outlives a service that is away for a while', async () => {
    let requests = 0;
    const { baseUrl: url } = await serve((_, response) => {
      requests += 1;
      if (requests === 2) return void response.destroy();
      if (requests === 3) return json(response, problem('unavailable', 503), 503);
      json(response, requests === 1 ? sampleJob() : finishedJob);
    });
    const run = await invoke(['watch', 'job_1'], { url });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('completed, complete');
    expect(run.stderr.match(/trying again/g)).toHaveLength(1);
    expect(requests).toBe(4);
  });

  it('ends at Ctrl-C and says how to go on', async () => {
    const interruption = new AbortController();
    const { baseUrl: url } = await serve((_, response) => {
      json(response, sampleJob());
      interruption.abort();
    });
    const run = await invoke(['watch', 'job_1'], { url, interrupted: interruption.signal });
    expect(run.code).toBe(130);
    expect(run.stderr).toContain('linkhaul watch job_1');
  });

  it.each(['submit', 'estimate'])('Ctrl-C ends a %s that waits for its list', async (name) => {
    const interruption = new AbortController();
    const stdin = new Readable({ read: () => interruption.abort() });
    const run = await invoke([name, '-', '-e', 'bulk_backlinks'], {
      ...nobody,
      stdin,
      interrupted: interruption.signal,
    });
    expect(run).toMatchObject({ code: 130, stderr: expect.stringContaining('Interrupted') });
  });

  it.each([
    [{ status: 'completed', outcome: 'complete' }, 0],
    [{ status: 'completed', outcome: 'complete', rows: someInvalid }, 3],
    [{ status: 'completed', outcome: 'partial' }, 3],
    [{ status: 'completed', outcome: 'none' }, 5],
    [{ status: 'failed', outcome: 'partial' }, 5],
    [{ status: 'cancelled', outcome: null }, 5],
  ])('%j is exit code %i', async (end, code) => {
    const { baseUrl: url } = await serve((_, response) => json(response, { ...finishedJob, ...end }));
    expect((await invoke(['watch', 'job_1'], { url })).code).toBe(code);
  });

  it('counts no invalid rows where that is said, and failed ones all the same', async () => {
    const end = { ...finishedJob, rows: someInvalid };
    const { baseUrl: url } = await serve((request, response) =>
      json(response, request.path.includes('partial') ? { ...end, outcome: 'partial' } : end),
    );
    expect((await invoke(['watch', 'job_1', '--allow-invalid'], { url })).code).toBe(0);
    expect((await invoke(['watch', 'partial', '--allow-invalid'], { url })).code).toBe(3);
  });

  const error = (code: string, retryable: boolean) => ({ code, message: '', retryable, attempts: 1 });

  it.each([
    [{ failed: 2 }, [error('upstream_rejected', false), error('upstream_error', true)], 'retry job_1\n'],
    [{ failed: 2 }, [error('upstream_rejected', false), error('answer_unreadable', false)], 'retry job_1 --all\n'],
    [{ skipped: 1 }, [error('cancelled', true)], 'retry job_1\n'],
    [{ skipped: 1 }, [error('job_failed', false)], 'retry job_1 --all\n'],
    [{ skipped: 1 }, [error('budget', true)], 'retry job_1 --max-cost USD, with more than before\n'],
    [{ ok: 2 }, [], null],
  ])('ends with a retry that takes up rows: %j %j', async (counts, errors, advice) => {
    const rows = { total: 2, pending: 0, ok: 0, empty: 0, failed: 0, invalid: 0, skipped: 0, ...counts };
    const { baseUrl: url, seen } = await serve((request, response) => {
      if (!request.path.includes('/rows')) return json(response, { ...finishedJob, rows });
      const status = request.url.searchParams.get('status') ?? '';
      const lines = (status in counts ? errors : []).map((one) =>
        JSON.stringify({ ...sampleRow(1), status, error: one }),
      );
      asAsked(request, response).end(lines.map((line) => `${line}\n`).join(''));
    });
    const run = await invoke(['watch', 'job_1'], { url });
    if (advice !== null) expect(run.stdout).toContain(`next   linkhaul ${advice}`);
    else expect(run.stdout).not.toContain('retry');
    expect(seen.some((request) => request.path.includes('/rows'))).toBe(advice !== null);
  });

  it('of a paused job ends with 4', async () => {
    const { baseUrl: url } = await serve((_, response) =>
      json(response, sampleJob({ status: 'paused', reason: 'budget' })),
    );
    const run = await invoke(['watch', 'job_1', '--json'], { url });
    expect(run.code).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ status: 'paused', reason: 'budget' });
  });
});
