import { type FindOptions, findProgram } from './programs.js';

/** The path of Python 3, which the example in Python needs, installed first where that is allowed and possible. */
export function pythonBinary(options: FindOptions): Promise<string> {
  const ways = 'No python3 was found: install Python 3.8 or newer.';
  return findProgram({ title: 'Python 3', binaries: ['python3'], debianPackage: 'python3', ways }, options);
}
