import type { Job } from '@linkhaul/schemas';
import { share, usd } from '../../../format/numbers.js';
import { CardFacts } from './facts.js';

/** What the job was estimated to cost, and how the money was spent. */
export function CostCard({ job }: { readonly job: Job }) {
  const { cost, max_cost_usd: budget, on_budget: then } = job;
  const end = then === 'pause' ? 'then it pauses' : 'then the rest is skipped';
  return (
    <section class="card">
      <h2>Cost</h2>
      {budget !== null && (
        <BudgetBar spent={cost.spent_usd} held={cost.reserved_usd + cost.unconfirmed_usd} budget={budget} />
      )}
      <CardFacts
        facts={[
          { name: 'Estimated', value: usd(cost.estimated_usd), meaning: 'for all rows, before it began' },
          {
            name: 'Spent',
            value: usd(cost.spent_usd),
            meaning: budget === null ? 'no budget is set' : `of a budget of ${usd(budget)}, ${end}`,
          },
          held('Reserved', cost.reserved_usd, 'held for calls in flight'),
          held('Unconfirmed', cost.unconfirmed_usd, 'sent, and not known yet whether it was executed'),
          held('Wasted', cost.wasted_usd, 'part of spent: paid for, and the answer was lost'),
        ]}
      />
    </section>
  );
}

function held(name: string, value: number, meaning: string) {
  return { name, value: usd(value), meaning, isNone: value === 0 };
}

function BudgetBar(props: { readonly spent: number; readonly held: number; readonly budget: number }) {
  const { spent, held: open, budget } = props;
  const words = `${share(spent / budget)} of the budget is spent${open > 0 ? `, ${share(open / budget)} held` : ''}`;
  return (
    <div class="budget-bar" role="img" aria-label={words} title={words}>
      <span class="spent" style={{ width: `${(100 * spent) / budget}%` }} />
      <span class="held" style={{ width: `${(100 * open) / budget}%` }} />
    </div>
  );
}
