import { describe, it } from 'vitest';
import { checkExchange } from './service.js';

describe('storage adopt', () => {
  it.each([
    [
      ['storage', 'adopt'],
      'POST /v1/storage/adopt',
      { installation: 'new', was: 'old', marked: false },
      'Storage is taken: this is installation new now, and was old.\n',
    ],
    [
      ['storage', 'adopt', '--empty'],
      'POST /v1/storage/adopt?empty=1',
      { installation: 'new', was: null, marked: false },
      'Installation new starts over. Jobs that Redis has lost stay lost.\n',
    ],
    [
      ['storage', 'adopt', '--json'],
      'POST /v1/storage/adopt',
      { installation: 'new', was: 'new', marked: true },
      '{"installation":"new","was":"new","marked":true}\n',
    ],
  ])('%j', (...exchange) => checkExchange(exchange));
});
