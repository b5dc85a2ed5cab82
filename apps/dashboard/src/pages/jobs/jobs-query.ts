import { endpointName, jobStatus } from '@linkhaul/schemas';
import type { JobsQuery } from '../../service/jobs-list.js';

type Address = Readonly<Record<string, string>>;

/** The filters in the page's address, without those that the service would refuse. */
export function queryOf(address: Address): JobsQuery {
  const status = jobStatus.safeParse(address.status);
  const endpoint = endpointName.safeParse(address.endpoint);
  const [name = '', ...value] = (address.metadata ?? '').split('=');
  return {
    ...(isGiven(address.q) && { q: address.q }),
    ...(status.success && { status: status.data }),
    ...(endpoint.success && { endpoint: endpoint.data }),
    ...(isGiven(address.tag) && { tag: address.tag }),
    ...(name !== '' && value.length > 0 && { metadata: { [name]: value.join('=') } }),
  };
}

export function isFiltered(query: JobsQuery): boolean {
  return Object.keys(query).length > 0;
}

/** The address of the page with these filters; an empty text removes a filter. */
export function addressWith(address: Address, changes: Address): string {
  const all = Object.entries({ ...address, ...changes }).filter(([, value]) => value !== '');
  const search = new URLSearchParams(all).toString();
  return search === '' ? '/' : `/?${search}`;
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
