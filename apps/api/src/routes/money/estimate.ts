import { costOf, type Estimate } from '@linkhaul/jobs';
import { type EstimateView, estimate as estimateAnswer } from '@linkhaul/schemas';
import { z } from 'zod';
import { invalidRequest } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { Services } from '../../services.js';
import { type Judged, judge } from '../../submit/accept.js';
import { forecast } from '../../submit/estimate/forecast.js';
import { EXAMPLE_CSV, listExamples } from '../examples.js';
import { LONGEST_WAIT_MS } from '../jobs/wait.js';
import { waitMs } from '../parameters.js';
import { forecastInputs } from './forecast-inputs.js';
import { probeLists } from './probe-lists.js';
import { NOWHERE, type Taken, takeList } from './take-list.js';

export const estimate = defineRoute({
  method: 'post',
  path: '/v1/estimates',
  id: 'estimate',
  summary: 'Price a list',
  description:
    'Takes the same request as a submission, but runs and stores nothing. With `probe=1`, on list endpoints, a job of its own buys one item for each target, within `max_cost_usd`, to learn how long the lists are.',
  access: 'any',
  scope: 'submit',
  request: NO_INPUT.extend({
    query: z.object({
      probe: z.literal('1').optional().describe('Spends money: `max_cost_usd` is required.'),
      wait_ms: waitMs.unwrap().default(LONGEST_WAIT_MS).describe('With `probe=1`: how long the probe may take.'),
    }),
  }),
  takesList: 'job',
  answers: {
    200: {
      description: 'Calls, cost and time, and how the list was read.',
      contents: { 'application/json': estimateAnswer },
    },
  },
  problems: ['budget_too_low', 'looks_separated'],
  examples: [
    {
      title: 'What 1,000 items a target would cost',
      given: 'nothing',
      body: {
        type: 'application/json',
        content: { endpoint: 'referring_domains', targets: ['example.com', 'example.org'], max_items_per_target: 1000 },
      },
      status: 200,
    },
    {
      title: 'A list of lines',
      given: 'worker',
      query: { endpoint: 'bulk_backlinks' },
      body: { type: 'text/plain', content: 'example.com\nexample.org\n' },
      status: 200,
    },
    {
      title: 'A column of a CSV',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks', column: 'site' },
      body: { type: 'text/csv', content: EXAMPLE_CSV },
      status: 200,
    },
    ...listExamples(200),
  ],
  serve:
    (services) =>
    async (c, { query: { probe, wait_ms: waitMs } }, given) => {
      const { probe: _probe, wait_ms: waitText, ...query } = given;
      if (probe !== undefined) return c.json(await probeLists(c, { query, waitMs, services }));
      if (waitText !== undefined) throw invalidRequest('wait_ms', 'goes with probe=1');
      const taken = await takeList(c, query, { services, rows: NOWHERE });
      const judged = await judge(taken, services);
      const { calls } = taken.inputOrder;
      const inInputOrder = { calls, cost: costOf(judged.prices, { calls, items: taken.intake.valid }) };
      const around = await forecastInputs(c, { taken, judged, services });
      const view: EstimateView = {
        ...forecast({ ...around, estimate: await left(taken, judged, services), inInputOrder, whole: judged.estimate }),
        input: taken.input,
      };
      return c.json(view);
    },
});

/** The estimate of the targets that stored answers do not cover. */
async function left(taken: Taken, judged: Judged, services: Services): Promise<Estimate> {
  if (taken.bought === null) return judged.estimate;
  return (await judge({ ...taken, intake: { ...taken.intake, ...taken.bought } }, services)).estimate;
}
