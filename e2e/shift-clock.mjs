/** Loaded with `--import`: the clock of a worker is wrong by `ms`. Other processes keep theirs, and so does what counts up. */
const wrongBy = Number(new URL(import.meta.url).searchParams.get('ms'));

if (process.argv[1]?.endsWith('/apps/worker/dist/main.js')) {
  const { Date: RightDate } = globalThis;
  globalThis.Date = class extends RightDate {
    constructor(...given) {
      super(...(given.length === 0 ? [RightDate.now() + wrongBy] : given));
    }
    static now() {
      return RightDate.now() + wrongBy;
    }
  };
}
