import { z } from 'zod';

export const nextCursor = z
  .string()
  .nullable()
  .describe('What to send as `cursor` for the next page; null after the last.');
