import { jobMethods } from './methods/jobs.js';
import { keyMethods } from './methods/keys.js';
import { resultMethods } from './methods/results.js';
import { submitMethods } from './methods/submit.js';
import { tagMethods } from './methods/tags.js';
import { usageMethods } from './methods/usage.js';
import { watchMethods } from './methods/watches.js';
import { webhookMethods } from './methods/webhooks.js';
import { createTransport, type LinkhaulOptions } from './transport.js';

/**
 * The service over HTTP. Every method throws `LinkhaulProblem`, `LinkhaulUnreachable` or `LinkhaulUnexpectedAnswer`. It also
 * throws the caller's own errors unchanged: the reason of a signal, or an error of a list's source.
 */
export interface LinkhaulClient
  extends ReturnType<typeof submitMethods>,
    ReturnType<typeof jobMethods>,
    ReturnType<typeof resultMethods>,
    ReturnType<typeof tagMethods>,
    ReturnType<typeof usageMethods>,
    ReturnType<typeof watchMethods>,
    ReturnType<typeof webhookMethods>,
    ReturnType<typeof keyMethods> {}

/** A client of one service with one key. It holds no connection of its own, so there is nothing to close. */
export function createLinkhaulClient(options: LinkhaulOptions): LinkhaulClient {
  const transport = createTransport(options);
  return {
    ...submitMethods(transport),
    ...jobMethods(transport),
    ...resultMethods(transport),
    ...tagMethods(transport),
    ...usageMethods(transport),
    ...watchMethods(transport),
    ...webhookMethods(transport),
    ...keyMethods(transport),
  };
}
