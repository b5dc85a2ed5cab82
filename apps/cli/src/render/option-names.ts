/** The service's names of fields, and the options of this program that set them. */
const OPTIONS: Readonly<Record<string, string>> = {
  'retryable_only: false': '--all',
  max_cost_usd: '--max-cost',
  max_items_per_target: '--max-items',
  max_age: '--max-age',
  expect_rows: '--expect-rows',
  on_invalid: '--on-invalid',
  target_as: '--target-as',
  pingback_url: '--pingback',
  postback_url: '--postback',
  id_column: '--id-column',
  'Content-Type': '--format',
  'separator=': '--separator',
  'column=': '--column',
  'charset=': '--charset',
};

/** ` (Here: --max-cost for max_cost_usd.)` for a text that names such fields; otherwise empty. */
export function optionsFor(text: string): string {
  const named = Object.entries(OPTIONS).filter(([field]) => text.includes(field));
  if (named.length === 0) return '';
  return ` (Here: ${named.map(([field, option]) => `${option} for ${field.replace(/=$/, '')}`).join(', ')}.)`;
}
