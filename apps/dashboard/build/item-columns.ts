import { ENDPOINTS, type Endpoint, endpointName, itemFields } from '@linkhaul/schemas';

/** Gives the page the columns as data: zod and the schemas' own code stay out of it. */
export function itemColumns() {
  const name = 'virtual:item-columns';
  const id = `\0${name}`;
  return {
    name: 'item-columns',
    resolveId: (wanted: string) => (wanted === name ? id : null),
    load(wanted: string) {
      if (wanted !== id) return null;
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
