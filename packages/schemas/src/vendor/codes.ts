import { STATUS_OK } from '../envelope.js';

/** The codes that Linkhaul, or its local Backlinks API, sends by itself. */
export const CODES = {
  ok: STATUS_OK,
  created: 20100,
  oneTask: 40000,
  otherFunction: 40004,
  tooManyTasks: 40006,
  unauthorized: 40100,
  taskFailed: 40103,
  partial: 40106,
  rateLimit: 40202,
  costLimit: 40203,
  inFlightLimit: 40209,
  funds: 40210,
  notFound: 40400,
  noTask: 40401,
  expired: 40403,
  invalidField: 40501,
  emptyBody: 40502,
  invalidBody: 40503,
  unknownField: 40506,
  inQueue: 40602,
  internal: 50000,
  notImplemented: 50100,
  timeout: 50401,
} as const;

/** From this code on a task has no whole result, or a request no result at all. */
export const LEAST_FAILURE = 40_000;

const LIMITS_PANEL = 'in the user panel https://app.dataforseo.com/api-settings/api-limits .';

/** All codes of the vendor. Linkhaul itself sends a few of them; the local Backlinks API sends any of them for a fault. */
const MESSAGES: ReadonlyMap<number, string> = new Map([
  [CODES.ok, 'Ok.'],
  [CODES.created, 'Task Created.'],
  [CODES.oneTask, 'You can set only one task at a time.'],
  [40001, 'This id is used by another client, check the id.'],
  [40002, 'This id is used by another search engine, check the Path.'],
  [40003, 'This id is used by another search type, check the Path.'],
  [CODES.otherFunction, 'This id is used by another function, check the id.'],
  [CODES.tooManyTasks, 'You can set no more than 100 tasks at a time.'],
  [
    CODES.unauthorized,
    'You are not authorized to access this resource. See your login details here: https://app.dataforseo.com/api-dashboard .',
  ],
  [40101, 'Internal SE Server Error.'],
  [40102, 'No Search Results.'],
  [CODES.taskFailed, 'Task execution failed, please try to resubmit the task.'],
  [40104, 'Please verify your account before using the API.'],
  [
    CODES.partial,
    'Task completed with partial results. Some pages could not be retrieved after several retry attempts. You have not been charged for the pages that were not returned.',
  ],
  [40200, 'Payment Required.'],
  [
    40201,
    "We noticed some unusual activity in your DataForSEO account, so we've temporarily paused access as a precaution.",
  ],
  [CODES.rateLimit, 'The rate-limit per minute has been exceeded.'],
  [CODES.costLimit, `The cost limit has been exceeded. You can modify your cost limit ${LIMITS_PANEL}`],
  [
    40204,
    'Access denied. Visit Plans and Subscriptions to activate your subscription and get access to this API: https://app.dataforseo.com/users/getrows .',
  ],
  [40205, `The duplicate task limit per hour has been exceeded. You can modify your limits ${LIMITS_PANEL}`],
  [40206, `The duplicate task limit per day has been exceeded. You can modify your limits ${LIMITS_PANEL}`],
  [
    40207,
    'Access denied. Your IP is not whitelisted. You can modify your IP whitelist in the user panel https://app.dataforseo.com/api-settings/api-access .',
  ],
  [CODES.inFlightLimit, 'Too many simultaneous queries.'],
  [CODES.funds, "Insufficient funds. Your account's balance is too low to complete this request."],
  [CODES.notFound, 'Not Found.'],
  [CODES.noTask, 'Task Not Found.'],
  [40402, 'Invalid Path.'],
  [CODES.expired, 'Results Expired.'],
  [40404, 'No Prepared Data Found. Please Contact Our Support Team.'],
  [40405, 'Textual content of the page is insufficient.'],
  [40406, 'The requested page was not submitted for crawling.'],
  [40407, 'Duplicate host.'],
  [40408, 'Target URL is invalid.'],
  [CODES.invalidField, 'Invalid Field.'],
  [CODES.emptyBody, 'POST Data Is Empty.'],
  [CODES.invalidBody, 'POST Data Is Invalid.'],
  [40504, 'The number of intersecting keywords exceeds 10 million.'],
  [40505, 'You are using old data.'],
  [CODES.unknownField, 'Unknown Fields in POST Data.'],
  [40601, 'Task Handed.'],
  [CODES.inQueue, 'Task In Queue.'],
  [CODES.internal, 'Internal Error.'],
  [50001, 'Error While Checking the Balance.'],
  [CODES.notImplemented, 'Not Implemented.'],
  [50301, '3rd Party API Service Unavailable.'],
  [50303, 'Update in progress. Please try after a few minutes.'],
  [50304, 'This function temporarily unavailable. Please contact support for more information.'],
  [CODES.timeout, 'Internal Error - Timeout.'],
  [50402, 'Target page took too long to respond.'],
]);

export function messageOf(code: number): string {
  return MESSAGES.get(code) ?? 'Simulated.';
}

/** Every code with its message, as `appendix/errors` lists them. */
export function allCodes(): { code: number; message: string }[] {
  return [...MESSAGES].map(([code, message]) => ({ code, message }));
}
