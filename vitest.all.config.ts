import { configDefaults, defineConfig } from 'vitest/config';
import usual from './vitest.config.js';

export default defineConfig({
  ...usual,
  test: { ...usual.test, exclude: configDefaults.exclude, env: { TEST_EFFORT: '8' } },
});
