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

/** A task that passed the checks. */
export interface JudgedTask {
  readonly posted: Task;
  /** Its targets, one for each row. A set of targets is one row. */
  readonly inputs: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  /** The most items; null if the endpoint has no pages. */
  readonly limit: number | null;
  readonly begin: PageBegin | null;
  /** The caller's tag; null if there is none, or it cannot be the tag of a job. */
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

/** Checks the tasks of an endpoint as the vendor does. Keep the result: making the schema takes longer than using it. */
export function taskJudge(endpoint: Endpoint): (posted: Task) => Verdict {
  const schema = taskSchemaOf(endpoint);
  const normalise = rowNormaliser(endpoint, { as: 'given', keepWww: true });
  const areSound = (inputs: readonly string[]): boolean => {
    const found = inputs.map((input) => (/\s/.test(input) && endpoint.kind !== 'set' ? null : normalise(input)));
    const domains = new Set(found.map((one) => (one?.ok ? one.domain : null)));
    const hasTooMany = endpoint.kind === 'bulk' && endpoint.maxDomains !== null && domains.size > endpoint.maxDomains;
    return !hasTooMany && !domains.has(null);
  };
  return (posted) => {
    const parsed = schema.safeParse(withoutNulls(posted));
    if (!parsed.success) return { ok: false, refusal: refusedFor(parsed.error.issues) };
    const { limit, offset, search_after_token: token, tag, ...aim } = asked.parse(parsed.data);
    const { inputs, field } = inputsOf(aim);
    const tooLong = fieldTooLong(posted);
    if (inputs === null || tooLong !== undefined || !areSound(inputs)) {
      return { ok: false, refusal: invalidField(tooLong ?? field) };
    }
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

/** The fields that become rows, which have limits of their own. All other fields are kept in Redis with the job. */
const AIMS: ReadonlySet<string> = new Set(['target', 'targets', 'exclude_targets']);
const MAX_FIELD_LENGTH = 64 * 1024;

function fieldTooLong(posted: Task): string | undefined {
  const fields = Object.entries(posted).filter(([name]) => !AIMS.has(name));
  return fields.find(([, value]) => JSON.stringify(value).length > MAX_FIELD_LENGTH)?.[0];
}

interface Aim {
  readonly target?: string | undefined;
  readonly targets?: readonly string[] | Readonly<Record<string, string>> | undefined;
  readonly exclude_targets: readonly string[];
}

/** The task's targets, and the field that names them. Null for a set whose numbers are not 1, 2, …: it cannot be asked for. */
function inputsOf({ target, targets, exclude_targets }: Aim): { inputs: readonly string[] | null; field: string } {
  if (target !== undefined) return { inputs: [target], field: 'target' };
  if (Array.isArray(targets)) return { inputs: targets, field: 'targets' };
  const members = Object.entries(targets ?? {});
  // A target that begins with the mark would be read as an excluded target.
  const isSound = members.every(
    ([number, member], at) => number === String(at + 1) && !member.startsWith(EXCLUDED_MARK),
  );
  const excluded = exclude_targets.map((member) => EXCLUDED_MARK + member);
  const all = [...members.map(([, member]) => member), ...excluded];
  return { inputs: isSound && !all.some((member) => /\s/.test(member)) ? [all.join(' ')] : null, field: 'targets' };
}
