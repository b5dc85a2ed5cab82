/**
 * Loaded with `--import`: the clock of the API and of workers is wrong by `ms`. Other processes keep
 * theirs, and so does what counts up.
 */
const wrongBy = Number(new URL(import.meta.url).searchParams.get('ms'));

if (/\/apps\/(api|worker)\/dist\/main\.js$/.test(process.argv[1] ?? '')) {
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
