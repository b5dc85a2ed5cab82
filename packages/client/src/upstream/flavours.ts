/** How requests to one provider of the Backlinks API are made. Another provider is one more row below. */
interface Flavour {
  /** The provider's base URL, whose host selects this flavour. Null for the flavour of all other hosts. */
  readonly home: string | null;
  /** Path of a live endpoint, below the base URL. */
  callPath(endpoint: string): string;
  /** Path of the upstream's record of calls. Null if the provider has none. */
  readonly idListPath: string | null;
  /** Path of the account's data, which is free of charge. Null if the provider has none. */
  readonly accountPath: string | null;
  /** Whether a login and a password are accepted. A bearer token always is. */
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

/** The flavour for a base URL if the settings name none. */
export function flavourAt(url: string): FlavourName {
  return new URL(url).host === new URL(FLAVOURS.aisa.home).host ? 'aisa' : 'dataforseo';
}
