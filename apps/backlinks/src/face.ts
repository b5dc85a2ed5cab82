import { refusal } from '@linkhaul/schemas/vendor';
import type { AppContext } from './context.js';
import { type Posted, readPosted } from './posted.js';
import { send } from './send.js';

/** How the same live calls are read and refused: in the upstream's form, or in the gateway's. */
export interface Face {
  readonly read: (request: Request) => Promise<Posted>;
  /** Refuses the whole request, before anything is run. `httpStatus` is used if the face has no status of its own for the code. */
  readonly refuse: (c: AppContext, code: number, httpStatus?: 200 | 402) => Response | Promise<Response>;
}

export const upstreamFace: Face = {
  read: (request) => readPosted(request),
  refuse: (c, code, httpStatus) => send(c, refusal(code), httpStatus),
};
