import { refusal } from '@linkhaul/schemas/vendor';
import type { AppContext } from './context.js';
import { type Posted, readPosted } from './posted.js';
import { send } from './send.js';

/** What differs between the ways in which the same live calls are offered. */
export interface Face {
  readonly read: (request: Request) => Promise<Posted>;
  /**
   * Says no to the whole request, before anything is run; with the HTTP status where the face has no own one for it.
   */
  readonly refuse: (c: AppContext, code: number, httpStatus?: 200 | 402) => Response | Promise<Response>;
}

export const upstreamFace: Face = {
  read: (request) => readPosted(request),
  refuse: (c, code, httpStatus) => send(c, refusal(code), httpStatus),
};
