import { z } from 'zod';

/** What a gateway in front of the upstream says in its own words, where there is no answer of the API's form. */
interface GatewayError {
  readonly code: string | null;
  /** Code, message and the gateway's name for the request, as far as it gave them. */
  readonly reason: string;
}

const optionalText = z.string().nullable().optional().catch(null);
const named = { code: optionalText, request_id: optionalText };

/** `error` is a text or an object; code and request id stand beside it or inside it, or nowhere. */
const gatewayBody = z.object({
  error: z.union([z.string(), z.object({ message: optionalText, ...named })]),
  ...named,
});

/** Null where the body is of none of a gateway's forms. `requestId` is that of the headers. */
export function readGatewayError(body: unknown, requestId: string | null): GatewayError | null {
  const parsed = gatewayBody.safeParse(body);
  if (!parsed.success) return null;
  const { error, ...outer } = parsed.data;
  const inner = typeof error === 'string' ? { message: error } : error;
  const code = inner.code ?? outer.code ?? null;
  const said = [code, inner.message].filter((text) => text !== null && text !== undefined && text !== '').join(': ');
  const id = inner.request_id ?? outer.request_id ?? requestId;
  return { code, reason: id === null ? said : `${said} (request ${id})` };
}
