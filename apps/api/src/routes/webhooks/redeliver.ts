import { type Delivery, eventBody } from '@linkhaul/jobs';
import { numberedTasks, subjectOfHook } from '@linkhaul/results';
import { delivery, taskHookName } from '@linkhaul/schemas';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { Services } from '../../services.js';
import { EXAMPLE_EVENT } from '../examples.js';
import { deliveryView, findDelivery, noDelivery, ofDelivery } from './deliveries.js';

export const redeliver = defineRoute({
  method: 'post',
  path: '/v1/deliveries/:id/redeliver',
  id: 'redeliver',
  summary: 'Send a delivery again',
  description:
    'With the same id. Also a delivery that succeeded or was given up. 409 if its event was deleted with its job.',
  access: 'tenant',
  scope: 'submit',
  request: NO_INPUT.extend({ params: ofDelivery }),
  answers: { 202: { description: 'It is on its way.', contents: { 'application/json': delivery } } },
  problems: ['not_found', 'conflict'],
  examples: [{ title: 'Once more', given: 'delivery', params: { id: EXAMPLE_EVENT }, status: 202 }],
  serve:
    (services) =>
    async (c, { params: { id } }) => {
      const tenant = c.get('tenant');
      await sendAgain(await findDelivery(tenant, id, services), services);
      return c.json(await deliveryView(await findDelivery(tenant, id, services), services), 202);
    },
});

async function sendAgain(delivery: Delivery, services: Services): Promise<void> {
  const { id, body } = delivery;
  const { deliveries } = services;
  const again = body ?? (await bodyOf(delivery, services));
  if (again === null) throw new ApiProblem('conflict', 'Its event is gone, with the job: there is nothing to send.');
  if (!(await deliveries.again(id, again))) throw noDelivery(id);
}

/** Null if what it tells of is gone. */
async function bodyOf(delivery: Delivery, services: Services): Promise<string | null> {
  if (taskHookName.safeParse(delivery.event).success) return subjectOf(delivery, services);
  const event = await services.events.get(delivery.at);
  return event === null ? null : eventBody(event);
}

async function subjectOf({ id, job, at }: Delivery, services: Services): Promise<string | null> {
  const record = job === null ? null : await services.store.get({ tenant: at.tenant, id: job });
  return record === null ? null : subjectOfHook(record, await numberedTasks(record, services), id);
}
