type Release = () => Promise<void> | void;

/** Closes resources in reverse order of opening. If some fail, throws the first error after closing all. */
export class Releases {
  readonly #open: Release[] = [];

  add(release: Release): void {
    this.#open.push(release);
  }

  /** Can be called twice; each resource is closed once. */
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
