/** How one provider of the Backlinks API is addressed. Another provider is one row here. */
interface Flavour {
  /** Path of a live endpoint, below the provider's own base. */
  callPath(endpoint: string): string;
  /** Path of the record of calls; null where the provider has none. */
  readonly idListPath: string | null;
}

export const FLAVOURS = {
  dataforseo: {
    callPath: (endpoint) => `/v3/backlinks/${endpoint}/live`,
    idListPath: '/v3/backlinks/id_list',
  },
} as const satisfies Record<string, Flavour>;

export type FlavourName = keyof typeof FLAVOURS;

export function flavourOf(name: FlavourName): Flavour {
  return FLAVOURS[name];
}
