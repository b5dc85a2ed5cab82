import { setTimeout as sleep } from 'node:timers/promises';
import { BacklinksApi } from 'dataforseo-client/api';
import { z } from 'zod';

const LIMIT_CODES = [40202, 40209];
const answer = z.looseObject({ status_code: z.number() });

/** The vendor's own client, set up as its README says. Asks for one target; false if a limit was exceeded. */
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

/** The vendor advises to wait after a refusal. All programs here wait equally long. */
export const WAIT_MS = 1_000;

/** Repeats a call until it is answered, so that no row is lost. */
export async function askPatiently(ask: (target: string) => Promise<boolean>, target: string): Promise<void> {
  while (!(await ask(target))) await sleep(WAIT_MS);
}
