import { allCodes } from '@linkhaul/schemas/vendor';
import type { AppContext, Deps } from '../context.js';
import { freeGet } from '../free-task.js';

/** `GET /v3/appendix/errors`: every code with its message. Free. */
export function appendixErrors(deps: Deps): (c: AppContext) => Promise<Response> {
  return freeGet(deps, { id: 'appendix_errors', api: 'appendix', name: 'errors' }, allCodes);
}
