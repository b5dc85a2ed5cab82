import {
  type BulkEndpoint,
  type ENDPOINTS,
  type EndpointName,
  endpointOf,
  type Nanos,
  requestOf,
} from '@linkhaul/schemas';
import type { z } from 'zod';
import { type Answer, NotImplemented } from './answers/answer.js';
import { answerBulkBacklinks } from './answers/bulk-backlinks.js';
import { answerBulkPagesSummary } from './answers/bulk-pages-summary.js';
import { answerDomainPages } from './answers/domain-pages.js';
import { answerDomainPagesSummary } from './answers/domain-pages-summary.js';
import {
  type BulkOptions,
  bulkOptions,
  bulkTargets,
  type ListOptions,
  listOptions,
  listTarget,
} from './answers/options.js';
import { answerReferringDomains } from './answers/referring-domains.js';
import { type Target, targetOf } from './answers/target.js';
import { CODES, messageOf } from './codes.js';
import { withLast } from './envelope.js';
import type { Graph } from './graph/open.js';
import type { Task } from './posted.js';
import { priceOf } from './price.js';

/** How a task ended. Only a task that was executed costs anything. */
export interface Outcome {
  readonly code: number;
  readonly message: string;
  readonly nanos: Nanos;
  readonly resultCount: number;
  /** The JSON text of `result`. */
  readonly result: string | null;
  readonly items: number;
}

type Answering =
  | { readonly kind: 'bulk'; readonly answer: (graph: Graph, options: BulkOptions) => Promise<Answer> }
  | { readonly kind: 'list'; readonly answer: (graph: Graph, options: ListOptions) => Promise<Answer | null> };

const ANSWERS: { readonly [K in EndpointName]: Answering & { kind: (typeof ENDPOINTS)[K]['kind'] } } = {
  bulk_backlinks: { kind: 'bulk', answer: answerBulkBacklinks },
  bulk_pages_summary: { kind: 'bulk', answer: answerBulkPagesSummary },
  domain_pages: { kind: 'list', answer: answerDomainPages },
  domain_pages_summary: { kind: 'list', answer: answerDomainPagesSummary },
  referring_domains: { kind: 'list', answer: answerReferringDomains },
};

/** Judges a task by the vocabulary and runs it. What is wrong with it is an outcome, not an error. */
export async function runTask(graph: Graph, name: EndpointName, task: Task): Promise<Outcome> {
  const endpoint = endpointOf(name);
  const parsed = requestOf(endpoint).safeParse(task);
  if (!parsed.success) return refusedFor(parsed.error.issues);
  const answering = ANSWERS[name];
  try {
    if (endpoint.kind === 'bulk' && answering.kind === 'bulk') {
      const targets = judgeTargets(bulkTargets(task), endpoint);
      return targets === null
        ? failed(CODES.invalidField, 'targets')
        : found(await answering.answer(graph, bulkOptions(task, targets)));
    }
    const target = targetOf(listTarget(task), endpoint.acceptsPages);
    if (target === null) return failed(CODES.invalidField, 'target');
    if (answering.kind === 'list') return found(await answering.answer(graph, listOptions(task, target)));
    throw new Error(`${name} has no answer of its kind`);
  } catch (error) {
    if (error instanceof NotImplemented) return failed(CODES.notImplemented);
    throw error;
  }
}

/** A task that was not executed; `field` is the one that is named as wrong. */
export function failed(code: number, field?: string): Outcome {
  const message = field === undefined ? messageOf(code) : messageOf(code).replace(/\.$/, `: '${field}'.`);
  return { code, message, nanos: 0, resultCount: 0, result: null, items: 0 };
}

/** The outcome for a task that its schema refuses. */
export function refusedFor(issues: readonly z.core.$ZodIssue[]): Outcome {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  if (unknown.length > 0) {
    return { ...failed(CODES.unknownField), message: `Unknown Fields in POST Data: ${unknown.join(', ')}.` };
  }
  return failed(CODES.invalidField, String(issues[0]?.path[0] ?? ''));
}

/** The distinct targets; null where one is malformed or they lie in too many registrable domains. */
function judgeTargets(given: readonly string[], endpoint: BulkEndpoint): Target[] | null {
  const targets = [...new Set(given)].map((text) => targetOf(text, endpoint.acceptsPages));
  const sound = targets.filter((target) => target !== null);
  if (sound.length < targets.length) return null;
  const domains = new Set(sound.map(({ domain }) => domain));
  return endpoint.maxDomains !== null && domains.size > endpoint.maxDomains ? null : sound;
}

function found(answer: Answer | null): Outcome {
  const done = { code: CODES.ok, message: messageOf(CODES.ok) };
  if (answer === null) return { ...done, nanos: priceOf(0), resultCount: 0, result: null, items: 0 };
  const { head, items } = answer;
  const result = withLast(
    { ...head, items_count: items.length },
    'items',
    items.length === 0 ? 'null' : `[${items.join(',')}]`,
  );
  return { ...done, nanos: priceOf(items.length), resultCount: 1, result: `[${result}]`, items: items.length };
}
