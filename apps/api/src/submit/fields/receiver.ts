import { invalidRequest } from '../../problem.js';

/** Refuses a user name or password in a receiver's address: every view of the address would show them. */
export function refuseUserInfo(url: string, pointer: string): void {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return;
  throw invalidRequest(pointer, 'must not carry a user name or password: check its signature instead');
}
