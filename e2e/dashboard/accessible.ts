import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { domains } from '../harness.js';
import type { OpenPage } from './open-page.js';

const PHONE = { width: 390, height: 844 };

export function everyPage({ world, tabAt }: OpenPage): void {
  describe('every page', () => {
    let axe: string;
    /** Addresses, each with something that is there when the page is. */
    let places: readonly (readonly [path: string, shown: string])[];

    beforeAll(async () => {
      axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const fields = { endpoint: 'bulk_pages_summary', tag: 'seen' } as const;
      const [first, second] = await Promise.all([
        world().client.submit(fields, [...domains(30), 'no domain']),
        world().client.submit(fields, domains(25)),
      ]);
      await Promise.all([world().client.waitFor(first.id), world().client.waitFor(second.id)]);
      const watch = {
        schedule: { every: '7d' },
        endpoint: 'bulk_backlinks',
        budget: { usd: 5, period: 'week' },
      } as const;
      await world().client.setWatch('kept-an-eye-on', watch, domains(3));
      places = [
        ['/', 'seen'],
        ['/new', 'What it comes to'],
        [`/jobs/${first.id}`, 'Cost'],
        [`/jobs/${first.id}?tab=results`, 'site-1.com'],
        [`/jobs/${first.id}?tab=failures`, 'without a result'],
        [`/jobs/${first.id}?tab=ledger`, 'Worker'],
        [`/jobs/${first.id}?tab=history`, 'The list was sent'],
        ['/tags', 'seen'],
        ['/tags/seen', 'Compare two runs'],
        ['/watches', 'kept-an-eye-on'],
        ['/service', 'Capacity'],
      ];
    });

    /** Serious faults by these rules, or by all, as `rule: the element`. */
    const faultsOf = async (page: Page, rules: readonly string[]): Promise<string[]> => {
      const options = JSON.stringify(rules.length === 0 ? {} : { runOnly: rules });
      // Evaluated by the debugger, which the page's policy does not bind.
      const { violations } = await page.evaluate<AxeResults>(`(() => { ${axe}; return axe.run(${options}); })()`);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
    };

    it.each([
      ['light', 'nothing', []],
      ['dark', 'no colour', ['color-contrast']],
    ] as const)('has in the %s theme %s that is serious for axe', async (colorScheme, _, rules) => {
      const { page } = await tabAt('/', { colorScheme, reducedMotion: 'reduce' });
      for (const [path, shown] of places) {
        await page.goto(world().apiUrl + path);
        await page.getByText(shown).first().waitFor();
        expect(await faultsOf(page, rules), path).toEqual([]);
      }
    });

    it('fits a phone: nothing but tables scrolls sideways', async () => {
      const { page } = await tabAt('/', { viewport: PHONE, hasTouch: true });
      for (const [path, shown] of places) {
        await page.goto(world().apiUrl + path);
        await page.getByText(shown).first().waitFor();
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect(width, path).toBeLessThanOrEqual(PHONE.width);
      }
    });
  });
}
