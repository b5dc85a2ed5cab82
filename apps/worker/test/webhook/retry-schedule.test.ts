import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../../src/webhook/retry-schedule.js';

describe('the schedule of attempts', () => {
  it('has waits that grow to ten hours, vary by a fifth, and end', () => {
    const bounds = [5e3, 3e5, 18e5, 72e5, 18e6, 36e6, 36e6];
    bounds.forEach((wait, index) => {
      const delay = retryDelayMs(index + 1) ?? 0;
      expect(delay).toBeGreaterThanOrEqual(wait * 0.8);
      expect(delay).toBeLessThanOrEqual(wait * 1.2);
    });
    expect(retryDelayMs(bounds.length + 1)).toBeNull();
  });
});
