import { createLinkhaulClient, type LinkhaulClient, LinkhaulProblem } from '@linkhaul/client/browser';
import { computed, signal } from '@preact/signals';
import { isForbidden } from './errors.js';

const KEPT_AS = 'linkhaul.key';
const NOT_VALID = 'This key is not valid any more. Sign in with another one.';

/** `open`: the service has no keys, or accepts this key. */
export type SessionState = 'unknown' | 'signed out' | 'open' | 'unreachable';

const key = signal(sessionStorage.getItem(KEPT_AS) ?? undefined);

export const sessionState = signal<SessionState>('unknown');
/** Why the page asks for a key again, in words for the user; null the first time. */
export const sessionTrouble = signal<string | null>(null);
/** False with the admin's key, which belongs to no tenant, and so has neither jobs nor webhooks. */
export const hasTenant = signal(true);
export const hasKey = computed(() => key.value !== undefined);

/** The client for the present key. It changes after signing in or out. */
export const client = computed<LinkhaulClient>(() => clientOf(key.value));

/** The header for requests that the client does not send, such as a download, or a curl command to copy. */
export const authorization = computed(() => (key.value === undefined ? null : `Bearer ${key.value}`));

/** The same client, but requests are sent by `send`: for an upload with progress, or a stream that is watched. */
export function clientThatSends(send: typeof fetch): LinkhaulClient {
  return clientOf(key.value, send);
}

function clientOf(
  apiKey: string | undefined,
  send: typeof fetch = (input, init) => fetch(input, init),
): LinkhaulClient {
  return createLinkhaulClient({ baseUrl: location.origin, apiKey, fetch: watched(apiKey, send) });
}

/** If a key is revoked while the page is open, the first refused request leads back to the sign-in. */
function watched(apiKey: string | undefined, send: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init);
    if (response.status === 401 && apiKey === key.value && sessionState.value === 'open') {
      endSession(apiKey === undefined ? null : NOT_VALID);
    }
    return response;
  };
}

/** Finds out whether the service accepts requests without a key, or with the key that this tab kept. */
export async function openSession(): Promise<void> {
  const state = await ask(key.value);
  if (state === 'signed out' && key.value !== undefined) endSession('The key of this tab is not valid any more.');
  sessionState.value = state;
}

/**
 * For an upload that broke off. A service that refuses the key may close the connection while the list is still being sent, and
 * then the browser reports no answer.
 */
export async function checkSession(): Promise<void> {
  const apiKey = key.value;
  if (apiKey === undefined || (await ask(apiKey)) !== 'signed out' || apiKey !== key.value) return;
  endSession(NOT_VALID);
}

/** True if the service accepts the key. The tab then keeps it until it is closed. */
export async function signIn(apiKey: string): Promise<boolean> {
  const state = await ask(apiKey);
  if (state !== 'open') {
    sessionTrouble.value =
      state === 'unreachable'
        ? 'The service does not answer. Try again in a moment.'
        : 'The service does not know this key. Check that it was copied whole.';
    return false;
  }
  goOnWith(apiKey);
  sessionState.value = 'open';
  return true;
}

/** Switches to a key that the service has just made. */
export function goOnWith(apiKey: string): void {
  sessionStorage.setItem(KEPT_AS, apiKey);
  key.value = apiKey;
  sessionTrouble.value = null;
}

export function endSession(trouble: string | null = null): void {
  sessionStorage.removeItem(KEPT_AS);
  key.value = undefined;
  sessionTrouble.value = trouble;
  sessionState.value = 'signed out';
}

async function ask(apiKey: string | undefined): Promise<SessionState> {
  try {
    await createLinkhaulClient({ baseUrl: location.origin, apiKey }).jobs({ limit: 1 });
    hasTenant.value = true;
    return 'open';
  } catch (error) {
    // A key that has no tenant is valid too.
    if (isForbidden(error)) {
      hasTenant.value = false;
      return 'open';
    }
    const isRefusal = error instanceof LinkhaulProblem && error.status < 500 && error.status !== 429;
    // The key is not at fault: a service without keys answers only at its own address, and its message says so.
    if (isRefusal && error.code === 'forbidden_origin') sessionTrouble.value = error.problem.detail;
    return isRefusal ? 'signed out' : 'unreachable';
  }
}
