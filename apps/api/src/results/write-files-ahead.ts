import type { Message } from '@linkhaul/jobs';
import type { Services } from '../services.js';

type WritingServices = Pick<Services, 'store' | 'installation' | 'downloads'>;

/** Handles the message about a large finished job. A job that is deleted, or runs again, gets no files. */
export async function writeFilesAhead(
  job: Message<'files'>,
  { store, installation, downloads }: WritingServices,
  stopping: AbortSignal,
): Promise<void> {
  await installation.check();
  const record = await store.get(job);
  if (record !== null && record.finishedAt !== null) await downloads.writeAhead(record, stopping);
}
