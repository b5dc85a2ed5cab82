import { z } from 'zod';

export const recovery = z
  .object({
    state: z
      .enum(['none', 'asked', 'running', 'done'])
      .describe('`none`: no recovery was asked for since this Redis began. `asked`: no worker has begun yet.'),
    go: z.boolean().describe('Whether recovered jobs go on by themselves.'),
    jobs: z.int().nullable().describe('How many jobs storage has; null before they are counted.'),
    done: z.int().describe('How many of them are restored.'),
    asked_at: z.iso.datetime().nullable(),
    ended_at: z.iso.datetime().nullable(),
    failure: z.string().nullable().describe('Why the last try stopped. Workers try again.'),
    unreadable: z
      .array(z.string())
      .describe('Objects in storage that cannot be read: the jobs and tenants in them are missing.'),
  })
  .meta({ id: 'Recovery', description: 'How far bringing jobs back from storage has come.' });

export type RecoveryView = z.infer<typeof recovery>;
