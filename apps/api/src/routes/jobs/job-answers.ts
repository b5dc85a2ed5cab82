import { job } from '@linkhaul/schemas';

/** Of the routes that answer with the job. */
export const jobAnswers = { 200: { description: 'The job as it is now.', contents: { 'application/json': job } } };
