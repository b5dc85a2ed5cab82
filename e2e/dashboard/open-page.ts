import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { startWorld, type World, type WorldOptions } from '../harness.js';
import { openBrowser, openTab, type Tab } from './browser.js';

export interface OpenPage {
  /** The service behind the page, while tests run. */
  world(): World;
  /** Opens a new tab at a path of the page. */
  tabAt(path: string, options?: BrowserContextOptions): Promise<Tab>;
}

/** A service and a browser for the tests of a block. */
export function openPage(options: WorldOptions = {}): OpenPage {
  let opened: readonly [World, Browser] | undefined;
  beforeAll(async () => {
    opened = await Promise.all([startWorld(options), openBrowser()]);
  });
  // A tab that is left open follows the jobs of the tests after it.
  afterEach(() =>
    Promise.all(
      whileOpen()[1]
        .contexts()
        .map((context) => context.close()),
    ),
  );
  afterAll(async () => {
    const [world, browser] = whileOpen();
    await browser.close();
    await world.stop();
  });
  const whileOpen = () => {
    if (opened === undefined) throw new Error('the page is open only while tests run');
    return opened;
  };
  return {
    world: () => whileOpen()[0],
    tabAt(path, tab) {
      const [world, browser] = whileOpen();
      return openTab(browser, world.apiUrl + path, tab);
    },
  };
}
