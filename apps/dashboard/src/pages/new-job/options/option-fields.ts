/** The options' fields that have an input on the page, by the names that refusals give them, and where the input stands. */
const OPTION_FIELDS = {
  tag: 'open',
  max_items_per_target: 'open',
  max_cost_usd: 'open',
  on_budget: 'open',
  max_age: 'folded',
  deadline: 'folded',
  webhook: 'folded',
  target_as: 'folded',
  retention_days: 'folded',
  metadata: 'folded',
} as const;

const placeOf = new Map<string, 'open' | 'folded'>(Object.entries(OPTION_FIELDS));

/** `webhook.url` stands at the input of `webhook`. */
const ownerOf = (name: string) => name.split('.', 1)[0] ?? name;

/** Whether the field's error is shown at an input of the options. */
export function hasInput(name: string): boolean {
  return placeOf.has(ownerOf(name));
}

/** Whether the input would not be seen while the further options are folded away. */
export function isFolded(name: string): boolean {
  return placeOf.get(ownerOf(name)) === 'folded';
}
