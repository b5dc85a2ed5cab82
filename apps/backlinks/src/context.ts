import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@linkhaul/runtime';
import type { Context } from 'hono';
import type { Credentials } from './credentials.js';
import type { Graph } from './graph/open.js';
import type { RecordedRequest } from './record.js';
import type { State } from './state.js';

/** What the routes are built on. */
export interface Deps {
  readonly graph: Graph;
  readonly state: State;
  readonly logger: Logger;
  readonly credentials: Credentials;
  /** Whether `/__control` exists. */
  readonly control: boolean;
  /** Milliseconds since 1970, for the record and the limits. */
  readonly now: () => number;
  /** Waits end early when it aborts. */
  readonly stopping: AbortSignal;
}

/** Node's own request and answer, where the server gives them. */
export interface AppEnv {
  Bindings: { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse };
  /** `requestId` is there where the gateway is asked. */
  Variables: { readonly request: RecordedRequest; readonly requestId: string };
}

export type AppContext = Context<AppEnv>;
