import { isJobId } from './ids.js';

/**
 * The id of a task: the id of its job, then the task's number in the job, in the form of the vendor's ids. So no index is
 * needed, and a tenant's request never finds another tenant's task.
 */
export function taskId(job: string, number = 0): string {
  const text = `${job.slice('job_'.length)}${number.toString(36).padStart(3, '0')}`;
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}

/** Null for a text that is no id of a task. */
export function placeOfTask(id: string): { readonly job: string; readonly number: number } | null {
  const [, job = '', number = ''] = /^([0-9a-z]{29})([0-9a-z]{3})$/.exec(id.replaceAll('-', '')) ?? [];
  const place = { job: `job_${job}`, number: Number.parseInt(number, 36) };
  return isJobId(place.job) && taskId(place.job, place.number) === id ? place : null;
}
