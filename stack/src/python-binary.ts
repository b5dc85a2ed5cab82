import { type FindOptions, findProgram } from './programs.js';

/** Finds Python 3 for the Python example. Installs it first if it is missing and `mayInstall` allows it. */
export function pythonBinary(options: FindOptions): Promise<string> {
  const ways = 'No python3 was found: install Python 3.8 or newer.';
  return findProgram({ title: 'Python 3', binaries: ['python3'], debianPackage: 'python3', ways }, options);
}
