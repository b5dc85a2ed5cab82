import type { Endpoint } from '@linkhaul/schemas';

/** Counts the calls of a list in input order: without packing, and with duplicates bought again. */
export interface InputOrder {
  /** Adds the next row, by the number of its domain. */
  add(domain: number): void;
  readonly calls: number;
}

/** A bulk call is full at its limit of targets or registrable domains. On other endpoints every row is one call: its first page. */
export function createInputOrder(endpoint: Endpoint): InputOrder {
  return endpoint.kind === 'bulk' ? countChunks(endpoint) : countRows();
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
