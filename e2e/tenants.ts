import { createLinkhaulClient, type LinkhaulClient } from '@linkhaul/client';
import { startWorld, type World, type WorldOptions } from './harness.js';

const ENV = {
  LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant',
  LINKHAUL_ADMIN_KEY: 'key-admin-of-all',
};

export interface Tenants {
  readonly world: World;
  readonly clients: Readonly<Record<'alpha' | 'beta' | 'admin', LinkhaulClient>>;
}

/** Starts a world with two tenants and an operator, each with a key. */
export async function startTenants({ env, ...options }: WorldOptions): Promise<Tenants> {
  const world = await startWorld({ ...options, env: { ...ENV, ...env } });
  const withKey = (apiKey: string) => createLinkhaulClient({ baseUrl: world.apiUrl, apiKey });
  const clients = {
    alpha: withKey('key-a-of-a-tenant'),
    beta: withKey('key-b-of-a-tenant'),
    admin: withKey('key-admin-of-all'),
  };
  return { world, clients };
}
