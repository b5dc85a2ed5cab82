import { describe } from 'vitest';
import { everyPage } from './accessible.js';
import { chromiumPath } from './browser.js';
import { jobPage } from './job.js';
import { newJobPage } from './new-job.js';
import { openPage } from './open-page.js';
import { spreadsheet } from './spreadsheet.js';

/** What needs no service of its own has one service and one browser. */
describe.skipIf(chromiumPath === '')('a service without keys', () => {
  const opened = openPage();
  everyPage(opened);
  jobPage(opened);
  newJobPage(opened);
  spreadsheet(opened);
});
