import type { KeyScope, ProblemCode } from '@linkhaul/schemas';
import type { Context, Handler } from 'hono';
import type { z } from 'zod';
import type { ApiProblem } from '../problem.js';
import type { OpenApiDocument, Schemas } from '../request/json-schemas.js';
import type { Query } from '../request/query.js';
import type { AppEnv, Services } from '../services.js';
import type { Input, ListOf, RequestSchema } from './request-parts.js';

/** What must exist before an example's request is sent. */
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
  | 'key of acme'
  | 'watch';

/** A request that can be sent as it is, and the status of its answer. */
export interface Example {
  readonly title: string;
  readonly given: Situation;
  /** Sent with the admin's key, on a route that also takes a tenant's. */
  readonly as?: 'admin';
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it is; anything else is sent as JSON. */
  readonly body?: { readonly type: string; readonly content: unknown };
  readonly status: number;
}

export interface Answer {
  readonly description: string;
  /** Schemas by media type; for NDJSON the schema of one line. */
  readonly contents: Readonly<Record<string, z.ZodType>>;
  /** Descriptions of its headers, by name. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The keys that a route takes: none, the admin's, a tenant's, or either of these (`any`). A tenant's key needs the scope. */
type Access =
  | { readonly access: 'open' }
  | { readonly access: 'admin' }
  | { readonly access: 'tenant' | 'any'; readonly scope: KeyScope };

interface Description<Request extends RequestSchema> {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** In the router's form, such as `/v1/jobs/:id`. */
  readonly path: string;
  /** The operation's name in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description: string;
  /** Shown in the API description, and used to parse each request. */
  readonly request: Request;
  /** Only documented: the handler reads headers itself. */
  readonly headers?: z.ZodObject;
  /** The body is a list of targets, which the handler reads as a stream; the query may have the fields of a submission. */
  readonly takesList?: ListOf;
  /** Refused while storage is unavailable: once an answer has begun, it can no longer report that. */
  readonly readsStorage?: true;
  /** The route also works while Redis and storage do not belong together. */
  readonly needsNoInstallation?: true;
  /** Makes the 404 for a path that does not fit its schema, such as a malformed job id. Without it the answer is 422. */
  readonly noSuch?: (params: Readonly<Record<string, string>>) => ApiProblem;
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Problem codes other than those that follow from access and body: see openapi/problems.ts. */
  readonly problems?: readonly ProblemCode[];
  readonly examples: readonly Example[];
}

/** What handlers work with: the services, and the API description. */
export interface RouteServices extends Services {
  /** Made at the first request for it: making it would take a third of the start-up time. */
  document(): OpenApiDocument;
}

type Serve<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> = (
  services: RouteServices,
) => (c: Context<AppEnv>, input: Input<P, Q, B>, given: Query) => Response | Promise<Response>;

export type Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> = Description<
  RequestSchema<P, Q, B>
> &
  Access & {
    /** Makes the handler. It gets the parsed request, and the query's texts as they were sent. */
    readonly serve: Serve<P, Q, B>;
  };

/** One route: what it takes, who may call it, how it is documented, and its handler. */
export type Route = Description<RequestSchema> &
  Access & {
    readonly createHandler: (services: RouteServices, schemas: Schemas) => Handler<AppEnv>;
  };

/** A section of the documentation. */
export interface RouteGroup {
  readonly name: string;
  readonly description: string;
  readonly routes: readonly Route[];
}
