import type { Endpoint } from '@linkhaul/schemas';

/** Counts the calls that a list would need row by row, without packing and with every duplicate asked about. */
export interface InputOrder {
  /** Takes the row that comes next, by the number of its domain. */
  add(domain: number): void;
  readonly calls: number;
}

/** A bulk call is full at its most targets or registrable domains; of a list every row is a call, its first page. */
export function createInputOrder(endpoint: Endpoint): InputOrder {
  return endpoint.kind === 'list' ? countRows() : countChunks(endpoint);
}

function countRows(): InputOrder {
  let calls = 0;
  return {
    add() {
      calls++;
    },
    get calls() {
      return calls;
    },
  };
}

function countChunks({ maxTargets, maxDomains }: Extract<Endpoint, { kind: 'bulk' }>): InputOrder {
  const domains = new Set<number>();
  let calls = 0;
  let room = 0;
  const begin = () => {
    calls++;
    room = maxTargets;
    domains.clear();
  };
  return {
    add(domain) {
      if (room === 0) begin();
      if (maxDomains !== null) {
        if (domains.size === maxDomains && !domains.has(domain)) begin();
        domains.add(domain);
      }
      room--;
    },
    get calls() {
      return calls;
    },
  };
}
