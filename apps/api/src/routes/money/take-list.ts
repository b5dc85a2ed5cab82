import { type Endpoint, endpointOf, type InputReport, isPaged, type PagedEndpoint } from '@linkhaul/schemas';
import type { RowWriter } from '@linkhaul/storage';
import type { Context } from 'hono';
import { invalidRequest } from '../../problem.js';
import { pointTo } from '../../request/pointers.js';
import type { Query } from '../../request/query.js';
import type { AppEnv, Services } from '../../services.js';
import type { Accepted } from '../../submit/accept.js';
import type { Pass } from '../../submit/admission/admission.js';
import { admissionOf } from '../../submit/admission/admitted.js';
import { type ExpectedReuse, expectReuse } from '../../submit/estimate/expect-reuse.js';
import { createInputOrder, type InputOrder } from '../../submit/estimate/input-order.js';
import { takeIn } from '../../submit/intake.js';
import { readSubmission } from '../../submit/read-submission.js';

/** A list that was read, with its counts for an estimate. */
export interface Taken extends Accepted {
  readonly input: InputReport;
  readonly endpoint: Endpoint;
  readonly inputOrder: InputOrder;
  /** The targets that must be bought; null if the list reuses nothing. */
  readonly bought: ReturnType<ExpectedReuse['bought']> | null;
}

interface Taking {
  readonly services: Services;
  /** Where the rows are stored. */
  readonly rows: RowWriter;
  readonly isProbe?: boolean;
}

/** A writer that stores nothing: rows are only counted. */
export const NOWHERE: RowWriter = {
  valid: () => undefined,
  invalid: () => undefined,
  finish: async () => ({ rowParts: 0, invalidParts: 0 }),
  idle: async () => undefined,
};

/** Reads a request's list as a submission would. */
export async function takeList(c: Context<AppEnv>, query: Query, taking: Taking): Promise<Taken> {
  const pass = admissionOf(c, taking.services);
  try {
    return await takeAll(c, query, { ...taking, pass });
  } finally {
    pass.leave();
  }
}

async function takeAll(c: Context<AppEnv>, query: Query, taking: Taking & { readonly pass: Pass }): Promise<Taken> {
  const { services, rows, pass, isProbe = false } = taking;
  const { submission, rows: list, source, report } = await readSubmission(c, query, { purpose: 'estimate', pass });
  const endpoint = endpointOf(submission.endpoint);
  if (isProbe) judgeProbe(endpoint, { submission, source });
  const inputOrder = createInputOrder(endpoint);
  const tenant = c.get('tenant');
  const reuse = tenant === undefined ? null : await expectReuse({ tenant, submission }, rows, services);
  const inner = reuse?.writer ?? rows;
  const writer: RowWriter = {
    ...inner,
    valid(row, numbers) {
      inputOrder.add(numbers.domain);
      return inner.valid(row, numbers);
    },
  };
  const intake = await takeIn(list, { writer, submission, source, maxRows: services.env.storage.maxRows, report });
  const accepted = { submission, source, intake, by: c.get('by'), key: null };
  return { ...accepted, endpoint, inputOrder, bought: reuse?.bought() ?? null, input: report.view() };
}

/** A probe needs a budget, and a list endpoint: it finds the lengths of lists. */
function judgeProbe(endpoint: Endpoint, { submission, source }: Pick<Accepted, 'submission' | 'source'>): void {
  listOnly(endpoint);
  if (submission.max_cost_usd === undefined) {
    throw invalidRequest(pointTo(source, ['max_cost_usd']), 'is required with probe=1, which spends money');
  }
}

export function listOnly(endpoint: Endpoint): PagedEndpoint {
  if (isPaged(endpoint)) return endpoint;
  throw invalidRequest('probe', 'is for list endpoints: the price of any other job is known without it');
}
