import { webhookSecret } from '@linkhaul/schemas';

/** Of the routes that read and rotate the secret. */
export const secretAnswers = {
  200: { description: 'The secret.', contents: { 'application/json': webhookSecret } },
};
