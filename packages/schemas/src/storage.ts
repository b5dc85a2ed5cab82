import { z } from 'zod';

export const storageAdoption = z
  .object({
    installation: z.string().describe('Its id, which Redis and the marker in storage have from now on.'),
    was: z.string().nullable().describe('What Redis had before; null where it had none.'),
    marked: z.boolean().describe('True where storage had no marker, and was given one.'),
  })
  .meta({ id: 'StorageAdoption', description: "The storage that is this installation's from now on." });

export type StorageAdoption = z.infer<typeof storageAdoption>;
