import { afterAll, beforeAll } from 'vitest';
import { testLive } from './face/live.js';
import { scriptOf } from './face/script.js';
import { testStandard } from './face/standard.js';
import { HOLDING, startWorld, type World } from './harness.js';

let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { UPSTREAM_MAX_IN_FLIGHT: '1', ...HOLDING } });
});
afterAll(() => world.stop());

// One world for both: the record that Standard tasks end with has the live ones too.
const script = scriptOf(() => world);
testLive(script);
testStandard(script);
