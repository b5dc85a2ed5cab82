/** How one provider of the Backlinks API is addressed. Another provider is one row here. */
interface Flavour {
  /** The provider's own base URL, by whose host it is known; null for the flavour of all other hosts. */
  readonly home: string | null;
  /** Path of a live endpoint, below the base URL. */
  callPath(endpoint: string): string;
  /** Path of the record of calls; null where the provider has none. */
  readonly idListPath: string | null;
  /** Path of what is said of the account itself, free of charge; null where the provider has none. */
  readonly accountPath: string | null;
  /** Whether a login and a password are taken; a bearer token always is. */
  readonly takesBasic: boolean;
}

export const FLAVOURS = {
  dataforseo: {
    home: null,
    callPath: (endpoint) => `/v3/backlinks/${endpoint}/live`,
    idListPath: '/v3/backlinks/id_list',
    accountPath: '/v3/appendix/user_data',
    takesBasic: true,
  },
  aisa: {
    home: 'https://api.aisa.one/apis/v1/dataforseo',
    callPath: (endpoint) => `/backlinks/${endpoint}/live`,
    idListPath: null,
    accountPath: null,
    takesBasic: false,
  },
} as const satisfies Record<string, Flavour>;

export type FlavourName = keyof typeof FLAVOURS;

export function flavourOf(name: FlavourName): Flavour {
  return FLAVOURS[name];
}

/** The flavour of a base URL that none is named for. */
export function flavourAt(url: string): FlavourName {
  return new URL(url).host === new URL(FLAVOURS.aisa.home).host ? 'aisa' : 'dataforseo';
}
