/** Labels that say more than the parameter's name. */
const LABELS: Readonly<Record<string, string>> = {
  backlinks_filters: 'Filter of the links',
  backlinks_status_type: 'Links',
  exclude_internal_backlinks: 'Leave out internal links',
  filters: 'Filter of the items',
  internal_list_limit: 'Entries of each map',
  order_by: 'Order of the items',
};

/** Explanations that replace those of the schema, which are about requests. */
const MEANINGS: Readonly<Record<string, string>> = {
  backlinks_filters: 'Only links for which this holds are counted.',
  filters: 'Only items for which this holds are bought.',
  order_by: 'Which items of a target come first, and so which are bought where there are more than the limit.',
};

const OPTIONS: Readonly<Record<string, string>> = {
  one_hundred: '100',
  one_thousand: '1,000',
};

/** Turns `include_subdomains` into `Include subdomains`. */
export function labelOf(name: string): string {
  return LABELS[name] ?? capital(name.replaceAll('_', ' '));
}

export function meaningOf({ name, meaning }: { readonly name: string; readonly meaning: string }): string {
  return MEANINGS[name] ?? meaning.replaceAll('`', '');
}

export function optionWords(option: string): string {
  return OPTIONS[option] ?? capital(option.replaceAll('_', ' '));
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
