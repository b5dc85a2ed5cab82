import { z } from 'zod';

export const storageAdoption = z
  .object({
    installation: z.string().describe('Its id, which Redis and the marker in storage have from now on.'),
    was: z.string().nullable().describe('The id that Redis had before; null if it had none.'),
    marked: z.boolean().describe('True if storage had no marker, and was given one.'),
  })
  .meta({ id: 'StorageAdoption', description: 'The storage that belongs to this installation from now on.' });

export type StorageAdoption = z.infer<typeof storageAdoption>;
