/** Connections without an open request, the one that has been idle longest first. */
export interface IdleQueue<Connection> {
  join(connection: Connection): void;
  leave(connection: Connection): void;
  /** The first of all connections, or of one address's. */
  first(address?: string | null): Connection | undefined;
}

export function createIdleQueue<Connection extends { readonly address: string | null }>(): IdleQueue<Connection> {
  // A set keeps the order in which its members were added.
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
