import type { Endpoint } from '@linkhaul/schemas';

/** Gives the page the columns as data: zod and the schemas' own code stay out of it. */
export function itemColumns() {
  const name = 'virtual:item-columns';
  const id = `\0${name}`;
  return {
    name: 'item-columns',
    resolveId: (wanted: string) => (wanted === name ? id : null),
    async load(wanted: string) {
      if (wanted !== id) return null;
      // Only now: the configuration of the tests is read where nothing is built yet.
      const { ENDPOINTS, endpointName, itemFields } = await import('@linkhaul/schemas');
      const columns = Object.values<Endpoint>(ENDPOINTS).map((endpoint) => [
        endpoint.name,
        {
          fields: itemFields(endpointName.parse(endpoint.name)).map(({ path, type }) => [path, type]),
          firstShown: endpoint.firstShown,
        },
      ]);
      return `export const ITEM_COLUMNS = JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(columns)))});`;
    },
  };
}
