import type { DeliveryError } from '@linkhaul/schemas';

/** By the error codes of Node and undici. Any other code is `connection_failed`. */
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

/** Codes of OpenSSL and Node for problems with TLS and certificates. */
const TLS = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH)/;

/** Why a receiver did not answer. The words reveal nothing about the network of this machine. */
export function deliveryErrorOf(error: unknown): DeliveryError {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return FAILURES[code] ?? (TLS.test(code) ? 'tls' : 'connection_failed');
}
