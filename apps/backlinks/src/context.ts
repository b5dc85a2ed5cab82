import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@linkhaul/runtime';
import type { Context } from 'hono';
import type { Credentials } from './credentials.js';
import type { Graph } from './graph/open.js';
import type { RecordedRequest } from './recorded-request.js';
import type { State } from './state.js';

/** The services that the routes use. */
export interface Deps {
  readonly graph: Graph;
  readonly state: State;
  readonly logger: Logger;
  readonly credentials: Credentials;
  /** Whether `/__control` exists. */
  readonly control: boolean;
  /** Milliseconds since 1970, for the record and the limits. */
  readonly now: () => number;
  /** Aborts when the process stops; ends delays early. */
  readonly stopping: AbortSignal;
}

/** Node's request and response objects, set by the Node server. */
export interface AppEnv {
  Bindings: { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse };
  /** `requestId` is set for requests to the gateway only. */
  Variables: { readonly request: RecordedRequest; readonly requestId: string; readonly isSimulated: boolean };
}

export type AppContext = Context<AppEnv>;
