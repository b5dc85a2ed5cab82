import { normaliseTarget } from './normalise.js';
import { type Invalid, invalid, type Normalised, type NormaliseOptions } from './normalised.js';
import { trimRow } from './row-text.js';

/** Marks a member of a set as excluded. No host name and no URL begins with it. */
export const EXCLUDED_MARK = '-';

/** The members of a set, in the order in which they are asked about. */
export interface SetMembers {
  readonly targets: readonly string[];
  readonly excluded: readonly string[];
}

interface SetLimits {
  readonly maxTargets: number;
  readonly maxExcluded: number;
}

/** The members of a set that is written as a text, with white space between them. */
export function membersOf(text: string): SetMembers {
  const members = trimRow(text).split(/\s+/);
  return {
    targets: members.filter((member) => !member.startsWith(EXCLUDED_MARK)),
    excluded: members.filter((member) => member.startsWith(EXCLUDED_MARK)).map((member) => member.slice(1)),
  };
}

/**
 * A row that is a set of targets, in normal form: its targets in their order, because columns and filters go by position,
 * then the excluded ones, sorted. So two texts of one question are one target, and `a b` and `b a` are two questions.
 */
export function normaliseSet(input: string, options: NormaliseOptions & SetLimits): Normalised {
  const { targets, excluded } = membersOf(input);
  if (targets.length > options.maxTargets) return invalid('too_many_targets');
  if (excluded.length > options.maxExcluded) return invalid('too_many_exclusions');
  const found = [...targets, ...excluded].map((member) => normaliseTarget(member, options));
  const fault = found.find((one): one is Invalid => !one.ok);
  if (fault !== undefined) return fault;
  const [first] = found;
  if (targets.length === 0 || !first?.ok) return invalid('no_target_in_set');
  const names = found.flatMap((one) => (one.ok ? [one.target] : []));
  const [asked, left] = [names.slice(0, targets.length), names.slice(targets.length)];
  if (new Set(names).size < names.length) return invalid('repeated_target');
  const target = [...asked, ...left.toSorted().map((name) => EXCLUDED_MARK + name)].join(' ');
  return { ok: true, target, kind: 'set', domain: first.domain };
}
