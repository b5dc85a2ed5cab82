import type { Attempt } from '@linkhaul/jobs';
import { type JobRef, listAnswers, readAnswer, readSecondHeader, type StoredAnswer } from '@linkhaul/storage';
import pLimit from 'p-limit';
import { type SettleServices, settleFrom, wasteSecondAnswer } from '../settle/settle-stored.js';

const CALLS_AT_ONCE = 8;

/** Settles every stored answer of a job that the restored ledger does not know. Can be repeated. */
export async function settleAnswers(job: JobRef, services: SettleServices): Promise<void> {
  const { source, storage, calls } = services;
  const planned = await source.job(job);
  if (planned === null) return;
  const settled = await calls.settled(job, planned.plan.later);
  const answers = await listAnswers(storage, job);
  const limit = pLimit(CALLS_AT_ONCE);
  const unsettled = firstAttempts(answers.filter(({ call, isFirst }) => isFirst && !settled.isSettled(call)));
  await limit.map(unsettled, (at) => settleFrom({ job, ...at }, planned, services));
  // Last, because the cost of an answer that decides nothing is counted only once its call is known.
  const seconds = answers.filter(({ isFirst }) => !isFirst);
  await limit.map(seconds, (second) => settleSecond(job, second, services));
}

/** The first stored attempt of each call. Settling it finds the later ones. */
function firstAttempts(answers: readonly StoredAnswer[]): Pick<Attempt, 'call' | 'attempt'>[] {
  const first = new Map<number, number>();
  for (const { call, attempt } of answers) if (!first.has(call)) first.set(call, attempt);
  return [...first].map(([call, attempt]) => ({ call, attempt }));
}

async function settleSecond(job: JobRef, second: StoredAnswer, services: SettleServices): Promise<void> {
  const { storage } = services;
  const header = await readSecondHeader(storage, second);
  if (header === null) return;
  const found = await readAnswer(storage, job, second);
  const first = found.kind === 'there' ? found.answer.header : found.kind === 'damaged' ? found.header : null;
  await wasteSecondAnswer({ job, call: second.call, attempt: second.attempt }, { header, first }, services);
}
