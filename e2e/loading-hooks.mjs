import { writeSync } from 'node:fs';

let at = '';
let forever = false;

export function initialize(data) {
  ({ at, forever } = data);
}

/** Says that the module's turn has come; may stay there, while the main thread goes on hearing its signals. */
export async function load(url, context, next) {
  if (!url.includes(at)) return next(url, context);
  writeSync(1, '"loading"\n');
  return forever ? new Promise(() => {}) : next(url, context);
}
