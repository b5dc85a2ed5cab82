import { setTimeout as sleep } from 'node:timers/promises';
import { BacklinksApi } from 'dataforseo-client/api';
import { z } from 'zod';

const LIMIT_CODES = [40202, 40209];
const answer = z.looseObject({ status_code: z.number() });

/** The vendor's own client as its README sets it up. Asks for one target; false where a limit was met. */
export function openVendor(url: string): (target: string) => Promise<boolean> {
  const authorization = `Basic ${Buffer.from('bench:bench').toString('base64')}`;
  const authorized = (input: string, init: RequestInit = {}) => {
    const headers = { ...Object.fromEntries(new Headers(init.headers)), authorization };
    return fetch(input, { ...init, headers });
  };
  const backlinks = new BacklinksApi(url, { fetch: authorized });
  return async (target) => {
    const { status_code: code } = answer.parse(await backlinks.referringDomainsLive([{ target, limit: 1 }]));
    return !LIMIT_CODES.includes(code);
  };
}

/** What the vendor advises after a limit is to wait; the same wait for everyone here. */
export const WAIT_MS = 1_000;

/** Until it is answered: a row must not be lost. */
export async function askPatiently(ask: (target: string) => Promise<boolean>, target: string): Promise<void> {
  while (!(await ask(target))) await sleep(WAIT_MS);
}
