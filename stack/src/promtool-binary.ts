import { type FindOptions, findProgram } from './programs.js';

/** Finds promtool, which tests the alert rules. Installs it first if it is missing and `mayInstall` allows it. */
export function promtoolBinary(options: FindOptions): Promise<string> {
  const ways = 'No promtool was found: apt-get install prometheus.';
  return findProgram({ title: 'promtool', binaries: ['promtool'], debianPackage: 'prometheus', ways }, options);
}
