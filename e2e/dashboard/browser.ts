import { chromiumBinary, StackFailure } from '@linkhaul/stack';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { environment } from '../env.js';

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Empty where there is no Chromium and none can be had: the page's tests are skipped then, and say so. */
export const chromiumPath = await chromiumBinary({ env: environment, mayInstall: true, say }).catch(
  (error: unknown) => {
    if (!(error instanceof StackFailure)) throw error;
    say(`${error.message} The tests of the page are skipped.`);
    return '';
  },
);

/** A tab, and what went wrong in it or left this machine. */
export interface Tab {
  readonly page: Page;
  /** Errors of scripts and of the Content-Security-Policy, and windows that a script opened. */
  readonly errors: readonly string[];
  /** Hosts that were asked, without the page's own. */
  readonly foreignHosts: ReadonlySet<string>;
}

export function openBrowser(): Promise<Browser> {
  // A container's root has no namespaces for the sandbox; only this machine's own page is opened.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}

/** A new tab at the address, with a storage of its own. */
export async function openTab(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  // A busy machine is slow: waits end by what they wait for.
  page.setDefaultTimeout(120_000);
  const errors: string[] = [];
  const foreignHosts = new Set<string>();
  const { host } = new URL(address);
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('dialog', (dialog) => {
    errors.push(`a window: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('request', (request) => {
    const asked = new URL(request.url()).host;
    if (asked !== host) foreignHosts.add(asked);
  });
  await page.goto(address);
  return { page, errors, foreignHosts };
}
