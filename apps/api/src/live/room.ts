/** Limits how many streams, or other long work, each tenant has in this process, so that other tenants get their share. */
export interface Room {
  followers(tenant: string): number;
  /** Whether the tenant may have one more. */
  hasRoom(tenant: string): boolean;
  /** Counts one more. The returned function ends that; calling it again does no harm. */
  enter(tenant: string): () => void;
}

export function createRoom(most: number): Room {
  const followers = new Map<string, number>();
  const count = (tenant: string, by: 1 | -1) => {
    const now = (followers.get(tenant) ?? 0) + by;
    if (now === 0) followers.delete(tenant);
    else followers.set(tenant, now);
  };
  const followersOf = (tenant: string) => followers.get(tenant) ?? 0;
  return {
    followers: followersOf,
    hasRoom: (tenant) => followersOf(tenant) < most,
    enter(tenant) {
      count(tenant, 1);
      let hasLeft = false;
      return () => {
        if (!hasLeft) count(tenant, -1);
        hasLeft = true;
      };
    },
  };
}
