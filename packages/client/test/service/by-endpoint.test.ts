import type { Job } from '@linkhaul/schemas';
import { expectTypeOf, it } from 'vitest';
import type { JobOf, LinkhaulClient, SubmissionFields } from '../../src/service/index.js';

// These tests are checked by the compiler, in `pnpm verify`. Nothing in them is called.
declare const client: LinkhaulClient;

it('a misspelt parameter, or one of another endpoint, does not compile', () => {
  const submitting = () => [
    client.submit({ endpoint: 'bulk_pages_summary', params: { rank_scale: 'one_hundred' } }, []),
    // @ts-expect-error It is rank_scale.
    client.submit({ endpoint: 'bulk_pages_summary', params: { rank_scal: 'one_hundred' } }, []),
    // @ts-expect-error bulk_backlinks has no parameters.
    client.submit({ endpoint: 'bulk_backlinks', params: { rank_scale: 'one_hundred' } }, []),
    // @ts-expect-error It is one_hundred or one_thousand.
    client.submitText({ endpoint: 'referring_domains', params: { rank_scale: 'hundred' } }, ''),
    // @ts-expect-error include_indirect_links is no parameter of domain_pages.
    client.estimate({ endpoint: 'domain_pages', params: { include_indirect_links: true } }, []),
    // @ts-expect-error Limits are ours to set.
    client.estimateText({ endpoint: 'referring_domains', params: { limit: 10 } }, ''),
    // @ts-expect-error It is max_cost_usd.
    client.submit({ endpoint: 'bulk_backlinks', max_cost: 5 }, []),
    // @ts-expect-error There is no such endpoint.
    client.submit({ endpoint: 'bulk_rank' }, []),
  ];
  expectTypeOf(submitting).returns.toBeArray();
});

it('parameters of an endpoint that only the running program knows are free', () => {
  const submitting = (fields: SubmissionFields, params: Record<string, unknown>) =>
    client.submit({ ...fields, params }, []);
  expectTypeOf(submitting).returns.resolves.toExtend<Job>();
});

it('a job’s results have the items of its endpoint', () => {
  const reading = async () => {
    const summary = await client.submit({ endpoint: 'bulk_pages_summary' }, []);
    const pages = await client.waitFor((await client.submitText({ endpoint: 'domain_pages' }, '')).id);
    for await (const { data } of client.results(summary.id)) {
      if (data === null) continue;
      expectTypeOf(data.rank).toEqualTypeOf<number | null>();
      expectTypeOf(data.referring_links_tld).toEqualTypeOf<Record<string, number | null> | null>();
      // The upstream may give more than it documents.
      expectTypeOf(data.more).toBeUnknown();
    }
    for await (const { data } of client.results(pages.id))
      expectTypeOf(data?.page_summary?.rank).toEqualTypeOf<number | null | undefined>();
    for (const { data } of (await client.resultsPage(pages.id)).results) expectTypeOf(data?.words_count).toBeUnknown();
    for await (const { data } of (await client.tagResults('weekly', { endpoint: 'bulk_backlinks' })).results)
      expectTypeOf(data?.backlinks).toEqualTypeOf<number | null | undefined>();
  };
  expectTypeOf(reading).returns.resolves.toBeVoid();
});

it('rows of a bulk endpoint have no total_count', () => {
  const reading = async () => {
    const { id } = await client.submit({ endpoint: 'bulk_backlinks' }, []);
    for await (const row of client.rows(id)) expectTypeOf(row.total_count).toBeNull();
    for await (const row of client.rows((await client.submit({ endpoint: 'domain_pages' }, [])).id))
      expectTypeOf(row.total_count).toEqualTypeOf<number | null>();
  };
  expectTypeOf(reading).returns.resolves.toBeVoid();
});

it('a job that was kept as a string is told apart by its endpoint', () => {
  const reading = async (kept: string) => {
    for await (const { data } of client.results(kept))
      expectTypeOf(data).toEqualTypeOf<Record<string, unknown> | null>();
    for await (const { data } of client.results<'bulk_pages_summary'>(kept))
      expectTypeOf(data?.rank).toEqualTypeOf<number | null | undefined>();
    const job = await client.job(kept);
    expectTypeOf(job).toEqualTypeOf<JobOf>();
    if (job.endpoint !== 'referring_domains') return;
    for await (const { data } of client.results(job.id))
      expectTypeOf(data?.domain).toEqualTypeOf<string | null | undefined>();
  };
  expectTypeOf(reading).returns.resolves.toBeVoid();
});
