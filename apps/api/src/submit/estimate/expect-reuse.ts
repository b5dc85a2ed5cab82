import { createDistinctTargets, expectedHints } from '@linkhaul/jobs';
import { openQuestion } from '@linkhaul/results';
import { endpointOf, registrableDomain, type Submission } from '@linkhaul/schemas';
import type { RowWriter } from '@linkhaul/storage';
import type { Services } from '../../services.js';
import type { Intake } from '../intake.js';

/** Which targets of a list a job would have to buy, because no stored answer is young enough. */
export interface ExpectedReuse {
  readonly writer: RowWriter;
  /** Call it once the writer has finished. */
  bought(): Pick<Intake, 'targets' | 'mostWithOneKey' | 'layerSizes'>;
}

const TARGETS_AT_ONCE = 1000;

interface Asking {
  readonly tenant: string;
  readonly submission: Pick<Submission, 'endpoint' | 'params' | 'max_age'>;
}

/** Looks up stored answers for each distinct target while rows arrive. Null if the submission has no `max_age`. */
export async function expectReuse(asking: Asking, rows: RowWriter, services: Services): Promise<ExpectedReuse | null> {
  const { endpoint: name, params, max_age: maxAge } = asking.submission;
  if (maxAge === undefined) return null;
  const question = { tenant: asking.tenant, upstreamHost: services.env.upstreamHost, endpoint: name, params };
  await openQuestion(question, services);
  const hintsOf = await expectedHints({ ...question, max_age: maxAge }, services);
  const endpoint = endpointOf(name);
  const countsDomains = endpoint.kind === 'bulk' && endpoint.maxDomains !== null;
  const left = createDistinctTargets(countsDomains);
  let waiting: string[] = [];
  const settle = async () => {
    const targets = waiting;
    waiting = [];
    const hints = await hintsOf(targets);
    targets.forEach((target, at) => {
      if (hints[at] === null)
        left.take(left.targets + 1, { target, domain: countsDomains ? registrableDomain(target) : '' });
    });
  };
  return {
    writer: {
      ...rows,
      valid(row, numbers) {
        const room = rows.valid(row, numbers);
        if (row.duplicateOf === null) waiting.push(row.target);
        return waiting.length < TARGETS_AT_ONCE ? room : Promise.all([room, settle()]).then(() => undefined);
      },
      async finish() {
        await settle();
        return rows.finish();
      },
    },
    bought: () => left,
  };
}
