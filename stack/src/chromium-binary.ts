import { type FindOptions, findProgram } from './programs.js';

/** Finds a Chromium for the page's tests and pictures. Installs it first if it is missing and `mayInstall` allows it. */
export function chromiumBinary(options: FindOptions): Promise<string> {
  const binaries = ['chromium', 'chromium-browser', 'google-chrome'];
  const ways = 'No Chromium was found: apt-get install chromium, or install Chrome.';
  return findProgram({ title: 'Chromium', binaries, debianPackage: 'chromium', ways }, options);
}
