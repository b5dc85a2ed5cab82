/** Connections without an open request, the one that has been so for the longest first. */
export interface WaitingLine<Connection> {
  join(connection: Connection): void;
  leave(connection: Connection): void;
  /** The first of all, or of an address. */
  first(address?: string | null): Connection | undefined;
}

export function createWaitingLine<Connection extends { readonly address: string | null }>(): WaitingLine<Connection> {
  // A set keeps the order in which its members came.
  const all = new Set<Connection>();
  const byAddress = new Map<string | null, Set<Connection>>();
  return {
    join(connection) {
      const same = byAddress.get(connection.address) ?? new Set();
      byAddress.set(connection.address, same.add(connection));
      all.add(connection);
    },
    leave(connection) {
      all.delete(connection);
      const same = byAddress.get(connection.address);
      same?.delete(connection);
      if (same?.size === 0) byAddress.delete(connection.address);
    },
    first(address) {
      const [first] = (address === undefined ? all : byAddress.get(address)) ?? [];
      return first;
    },
  };
}
