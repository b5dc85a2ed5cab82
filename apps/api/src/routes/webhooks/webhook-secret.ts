import { webhookSecret } from '@linkhaul/schemas';

/** The answer of the routes that read and rotate the secret. */
export const secretAnswers = {
  200: { description: 'The secret.', contents: { 'application/json': webhookSecret } },
};
