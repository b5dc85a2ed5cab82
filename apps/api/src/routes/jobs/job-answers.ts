import { job } from '@linkhaul/schemas';

/** The answer of routes that show the job. */
export const jobAnswers = { 200: { description: 'The job as it is now.', contents: { 'application/json': job } } };
