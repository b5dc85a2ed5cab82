import type { ProblemCode } from '@linkhaul/schemas';
import type { z } from 'zod';

/** What there is when an example's request is sent. */
export type Situation =
  | 'nothing'
  | 'queued job'
  | 'finished job'
  | 'seen job'
  | 'two runs'
  | 'worker'
  | 'delivery'
  | 'receiver'
  | 'key'
  | 'key of acme';

/** A request that can be sent as it stands, and the status that it is answered with. */
export interface Example {
  readonly title: string;
  readonly given: Situation;
  /** With the admin's key, where a tenant's is taken too. */
  readonly as?: 'admin';
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is sent; anything else is sent as JSON. */
  readonly body?: { readonly type: string; readonly content: unknown };
  readonly status: number;
}

export interface Answer {
  readonly description: string;
  /** By media type. Of lines, such as NDJSON, the schema of one. */
  readonly contents: Readonly<Record<string, z.ZodType>>;
  /** What its headers say, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

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
