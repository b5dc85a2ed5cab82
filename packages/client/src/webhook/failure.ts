import type { DeliveryError } from '@linkhaul/schemas';

/** By the codes of Node and undici; what is not among them is a connection that failed. */
const FAILURES: Readonly<Record<string, DeliveryError>> = {
  ENOTFOUND: 'no_address',
  EAI_AGAIN: 'no_address',
  ENODATA: 'no_address',
  ECONNREFUSED: 'connection_refused',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  EPROTO: 'tls',
};

/** How OpenSSL and Node name what is wrong with a certificate. */
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;

/** Why a request to a receiver had no answer, in a word that gives away nothing of the network it was sent from. */
export function failureOf(error: unknown): DeliveryError {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return FAILURES[code] ?? (TLS.test(code) ? 'tls' : 'connection_failed');
}
