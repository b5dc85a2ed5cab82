import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { paths } from '@linkhaul/storage';

/** What may happen to the bytes of a file, by name. */
const BREAKS = {
  removed: (path: string) => rm(path),
  emptied: (path: string) => writeFile(path, ''),
  'cut in the body': async (path: string) => {
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 9));
  },
  'cut in the header': async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 50)),
  'flipped in the header': (path: string) => flip(path, 60),
  'flipped in the body': (path: string) => flip(path, -12),
} as const;

export type Break = keyof typeof BREAKS;
export const BREAK_NAMES = Object.keys(BREAKS) as Break[];

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  const place = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(place) ^ 4, place);
  await writeFile(path, bytes);
}

/** Breaks the stored answer of a call on disk. */
export async function breakAnswer(
  { storageUrl }: { storageUrl: string },
  at: { job: { tenant: string; id: string }; call: number; attempt?: number },
  how: Break,
): Promise<void> {
  await BREAKS[how](join(fileURLToPath(storageUrl), paths.answer(at.job, at.call, at.attempt ?? 1)));
}
