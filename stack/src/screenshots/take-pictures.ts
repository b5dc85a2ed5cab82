import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { examplePath } from '../repository.js';
import type { PicturedJobs } from './make-jobs.js';

interface Given {
  readonly address: string;
  readonly jobs: PicturedJobs;
  readonly folder: string;
  readonly executablePath: string;
}

interface Picture {
  readonly name: string;
  readonly path: string;
  /** Brings the page into the state that the picture shows, and waits for it. */
  readonly show: (page: Page) => Promise<unknown>;
  readonly isDark?: boolean;
  readonly isPhone?: boolean;
}

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

function picturesOf({ tag, finished, running }: PicturedJobs): Picture[] {
  const job = (page: Page) => page.locator('.chart canvas').first().waitFor();
  const jobs = (page: Page) => page.getByRole('row').nth(3).waitFor();
  return [
    { name: 'jobs', path: '/', show: jobs },
    { name: 'jobs-dark', path: '/', show: jobs, isDark: true },
    { name: 'jobs-phone', path: '/', show: jobs, isPhone: true },
    { name: 'job', path: `/jobs/${running}`, show: job },
    { name: 'job-dark', path: `/jobs/${running}`, show: job, isDark: true },
    {
      name: 'results',
      path: `/jobs/${finished}?tab=results`,
      show: (page) => page.getByRole('cell').first().waitFor(),
    },
    { name: 'new-job', path: '/new', show: pasteList },
    { name: 'new-job-phone', path: '/new', show: pasteList, isPhone: true },
    { name: 'tag', path: `/tags/${tag}`, show: (page) => page.getByRole('cell').first().waitFor() },
    { name: 'service', path: '/service', show: (page) => page.getByRole('heading').nth(2).waitFor() },
  ];
}

async function pasteList(page: Page): Promise<void> {
  await page
    .getByRole('textbox')
    .first()
    .fill(await readFile(examplePath('domains.txt'), 'utf8'));
  await page.getByText('$').first().waitFor();
}

/** Returns the names of the files that it wrote. */
export async function takePictures({ address, jobs, folder, executablePath }: Given): Promise<string[]> {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const names: string[] = [];
    for (const picture of picturesOf(jobs)) names.push(await takePicture(browser, picture, { address, folder }));
    return names;
  } finally {
    await browser.close();
  }
}

async function takePicture(
  browser: Browser,
  { name, path, show, isDark = false, isPhone = false }: Picture,
  { address, folder }: Pick<Given, 'address' | 'folder'>,
): Promise<string> {
  const context = await browser.newContext({
    viewport: isPhone ? PHONE : DESKTOP,
    colorScheme: isDark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(address + path);
  await show(page);
  const file = `${name}.png`;
  await page.screenshot({ path: join(folder, file) });
  await context.close();
  return file;
}
