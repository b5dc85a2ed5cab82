/** The tenants in usage that is grouped by tenant. */
export function tenantsIn(usage: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return usage.map(({ tenant }) => tenant).filter((tenant) => typeof tenant === 'string');
}
