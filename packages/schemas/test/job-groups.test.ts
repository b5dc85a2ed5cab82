import { expect, it } from 'vitest';
import { sampleJob } from '../../client/test/service/samples.js';
import { groupJobs, rowsOfGroup } from '../src/job-groups.js';

const live = { kind: 'live', count: 1 } as const;

it('live tasks that follow each other under one tag share a row, other jobs do not', () => {
  const jobs = [
    { id: 'a', tag: 'day', tasks: live },
    { id: 'b', tag: 'day', tasks: live },
    { id: 'c', tag: 'other', tasks: live },
    { id: 'd', tag: 'day' },
    { id: 'e', tag: 'day' },
    { id: 'f', tag: 'day', tasks: { kind: 'standard', count: 2 } as const },
    { id: 'g', tag: 'day', tasks: live, endpoint: 'summary' as const },
  ].map((fields) => sampleJob(fields));
  const groups = groupJobs(jobs);
  expect(groups.map((group) => group.map(({ id }) => id).join(''))).toEqual(['ab', 'c', 'd', 'e', 'f', 'g']);
  const [first] = groups;
  expect(first && rowsOfGroup(first).total).toBe(2 * sampleJob().rows.total);
});
