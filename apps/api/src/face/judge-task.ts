import type { PageBegin } from '@linkhaul/jobs';
import {
  type Endpoint,
  EXCLUDED_MARK,
  isPaged,
  RESERVED_PARAMS,
  rowNormaliser,
  tag as tagSchema,
} from '@linkhaul/schemas';
import {
  invalidField,
  type Refusal,
  refusedFor,
  type Task,
  taskSchemaOf,
  withoutNulls,
} from '@linkhaul/schemas/vendor';
import { z } from 'zod';

/** A task that is to be executed. */
export interface JudgedTask {
  readonly posted: Task;
  /** Its targets, each a row; a set is one. */
  readonly inputs: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  /** The most items; null where the endpoint has no pages. */
  readonly limit: number | null;
  readonly begin: PageBegin | null;
  /** The caller's tag; null where there is none that can be a job's. */
  readonly tag: string | null;
}

export type Verdict =
  | { readonly ok: true; readonly task: JudgedTask }
  | { readonly ok: false; readonly refusal: Refusal };

/** The fields of a task that are not parameters of its endpoint. */
const asked = z.object({
  target: z.string().optional(),
  targets: z.union([z.array(z.string()), z.record(z.string(), z.string())]).optional(),
  exclude_targets: z.array(z.string()).default([]),
  limit: z.number().default(0),
  offset: z.number().default(0),
  search_after_token: z.string().optional(),
  tag: z.string().optional(),
});

/** Judges tasks of an endpoint as the vendor does. Its schema takes longer to make than to use. */
export function taskJudge(endpoint: Endpoint): (posted: Task) => Verdict {
  const schema = taskSchemaOf(endpoint);
  const normalise = rowNormaliser(endpoint, { as: 'given', keepWww: true });
  const judgeInputs = (inputs: readonly string[], field: string): Refusal | null => {
    const found = inputs.map((input) => (/\s/.test(input) && endpoint.kind !== 'set' ? null : normalise(input)));
    const domains = new Set(found.map((one) => (one?.ok ? one.domain : null)));
    const hasTooMany = endpoint.kind === 'bulk' && endpoint.maxDomains !== null && domains.size > endpoint.maxDomains;
    return hasTooMany || domains.has(null) ? invalidField(field) : null;
  };
  return (posted) => {
    const parsed = schema.safeParse(withoutNulls(posted));
    if (!parsed.success) return { ok: false, refusal: refusedFor(parsed.error.issues) };
    const { limit, offset, search_after_token: token, tag, ...aim } = asked.parse(parsed.data);
    const { inputs, field } = inputsOf(aim);
    const refusal = inputs === null ? invalidField(field) : judgeInputs(inputs, field);
    if (inputs === null || refusal !== null) return { ok: false, refusal: refusal ?? invalidField(field) };
    const params = Object.entries(parsed.data).filter(([name]) => !RESERVED.has(name));
    const task = {
      posted,
      inputs,
      params: Object.fromEntries(params),
      limit: isPaged(endpoint) ? limit : null,
      begin: offset > 0 || token !== undefined ? { offset, ...(token !== undefined && { token }) } : null,
      tag: tagSchema.safeParse(tag).data ?? null,
    };
    return { ok: true, task };
  };
}

const RESERVED: ReadonlySet<string> = new Set(RESERVED_PARAMS);

interface Aim {
  readonly target?: string | undefined;
  readonly targets?: readonly string[] | Readonly<Record<string, string>> | undefined;
  readonly exclude_targets: readonly string[];
}

/** What the task asks about, and the field that says so. Null: a set whose numbers are not 1, 2, … cannot be asked for. */
function inputsOf({ target, targets, exclude_targets }: Aim): { inputs: readonly string[] | null; field: string } {
  if (target !== undefined) return { inputs: [target], field: 'target' };
  if (Array.isArray(targets)) return { inputs: targets, field: 'targets' };
  const members = Object.entries(targets ?? {});
  const isInOrder = members.every(([number], at) => number === String(at + 1));
  const excluded = exclude_targets.map((member) => EXCLUDED_MARK + member);
  const all = [...members.map(([, member]) => member), ...excluded];
  return { inputs: isInOrder && !all.some((member) => /\s/.test(member)) ? [all.join(' ')] : null, field: 'targets' };
}
