type Release = () => Promise<void> | void;

/** What was opened is closed in reverse; the first error is thrown after everything has had its turn. */
export class Releases {
  readonly #open: Release[] = [];

  add(release: Release): void {
    this.#open.push(release);
  }

  /** Safe to call twice: what is closed is closed once. */
  async all(): Promise<void> {
    const errors: unknown[] = [];
    for (let release = this.#open.pop(); release !== undefined; release = this.#open.pop()) {
      try {
        await release();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
