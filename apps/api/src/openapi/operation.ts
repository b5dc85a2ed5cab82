import type { ProblemCode } from '@linkhaul/schemas';
import type { z } from 'zod';
import type { Answer, Example } from '../routing/route.js';

/** One route as the outside sees it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As the router has it, such as `/v1/jobs/:id`. */
  readonly path: string;
  /** Its name in clients that are made from the document. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** Whose key it takes: none, a tenant's, a tenant's or the admin's, the admin's alone. Its scope is in the table of scopes. */
  readonly access: 'open' | 'tenant' | 'any' | 'admin';
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  /** By media type. */
  readonly bodies?: Readonly<Record<string, z.ZodType>>;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that come with its access: see problems.ts. */
  readonly problems?: readonly ProblemCode[];
  readonly examples: readonly Example[];
}

/** Operations that stand together on the page. */
export interface Group {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}
