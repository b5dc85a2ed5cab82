import { chromiumBinary, StackFailure } from '@linkhaul/stack';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { environment } from '../env.js';

const say = (line: string) => void process.stderr.write(`${line}\n`);

/** Empty if Chromium is missing and cannot be installed. Then the page's tests are skipped, with a message. */
export const chromiumPath = await chromiumBinary({ env: environment, mayInstall: true, say }).catch(
  (error: unknown) => {
    if (!(error instanceof StackFailure)) throw error;
    say(`${error.message} The tests of the page are skipped.`);
    return '';
  },
);

/** A tab, its errors, and the foreign hosts that it asked. */
export interface Tab {
  readonly page: Page;
  /** Errors of scripts and of the Content-Security-Policy, and windows that a script opened. */
  readonly errors: readonly string[];
  /** Hosts that were asked, other than the page's own. */
  readonly foreignHosts: ReadonlySet<string>;
}

export function openBrowser(): Promise<Browser> {
  // The sandbox needs namespaces, which a container's root does not have. Only this machine's own page is opened.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}

/** Opens a new tab at the address, with its own storage. */
export async function openTab(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  // Generous, because a busy machine is slow. Waits end as soon as their condition is met.
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
