export { availableFilters } from './available-filters.js';
export { allCodes, CODES, LEAST_FAILURE, messageOf } from './codes.js';
export { type Envelope, envelopeOf, refusal, type TaskAnswer, textOf, withLast } from './envelope.js';
export { isTask, type JudgedBody, judgeBody, type ListOf, MAX_TASKS, type Task, withoutNulls } from './posted.js';
export { type ErrorsPage, type IdListPage, judgeErrors, judgeIdList } from './record-requests.js';
export { invalidField, type Refusal, refusedFor } from './refusals.js';
export { taskSchemaOf } from './task-schema.js';
