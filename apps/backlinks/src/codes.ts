import { STATUS_OK } from '@linkhaul/schemas';

export const CODES = {
  ok: STATUS_OK,
  oneTask: 40000,
  unauthorized: 40100,
  rateLimit: 40202,
  inFlightLimit: 40209,
  funds: 40210,
  notFound: 40400,
  invalidField: 40501,
  emptyBody: 40502,
  invalidBody: 40503,
  unknownField: 40506,
  internal: 50000,
  notImplemented: 50100,
} as const;

/** The upstream's messages; a code that this process makes only on demand has its message here too. */
const MESSAGES: ReadonlyMap<number, string> = new Map([
  [CODES.ok, 'Ok.'],
  [CODES.oneTask, 'You can set only one task at a time.'],
  [
    CODES.unauthorized,
    'You are not authorized to access this resource. See your login details here: https://app.dataforseo.com/api-dashboard .',
  ],
  [40101, 'Internal SE Server Error.'],
  [40102, 'No Search Results.'],
  [40103, 'Task execution failed, please try to resubmit the task.'],
  [40200, 'Payment Required.'],
  [CODES.rateLimit, 'The rate-limit per minute has been exceeded.'],
  [40203, 'The cost limit has been exceeded.'],
  [CODES.inFlightLimit, 'Too many simultaneous queries.'],
  [CODES.funds, "Insufficient funds. Your account's balance is too low to complete this request."],
  [CODES.notFound, 'Not Found.'],
  [CODES.invalidField, 'Invalid Field.'],
  [CODES.emptyBody, 'POST Data Is Empty.'],
  [CODES.invalidBody, 'POST Data Is Invalid.'],
  [CODES.unknownField, 'Unknown Fields in POST Data.'],
  [CODES.internal, 'Internal Error.'],
  [CODES.notImplemented, 'Not Implemented.'],
  [50301, '3rd Party API Service Unavailable.'],
  [50303, 'Update in progress. Please try after a few minutes.'],
  [50401, 'Internal Error - Timeout.'],
]);

export function messageOf(code: number): string {
  return MESSAGES.get(code) ?? 'Simulated.';
}
