import { z } from 'zod';

/** An error of a gateway in front of the upstream, in the gateway's own form. */
interface GatewayError {
  readonly code: string | null;
  /** Such as `rate_limited: slow down (request r-1)`. Parts that the gateway did not give are missing. */
  readonly reason: string;
}

const optionalText = z.string().nullable().optional().catch(null);
const named = { code: optionalText, request_id: optionalText };

/** `error` is a text or an object. Code and request id are beside it, inside it, or missing. */
const gatewayBody = z.object({
  error: z.union([z.string(), z.object({ message: optionalText, ...named })]),
  ...named,
});

/** Null if the body is not a gateway's error. `requestId` comes from the headers. */
export function readGatewayError(body: unknown, requestId: string | null): GatewayError | null {
  const parsed = gatewayBody.safeParse(body);
  if (!parsed.success) return null;
  const { error, ...outer } = parsed.data;
  const inner = typeof error === 'string' ? { message: error } : error;
  const code = inner.code ?? outer.code ?? null;
  const words = [code, inner.message].filter((text) => text !== null && text !== undefined && text !== '').join(': ');
  const id = inner.request_id ?? outer.request_id ?? requestId;
  return { code, reason: id === null ? words : `${words} (request ${id})` };
}
