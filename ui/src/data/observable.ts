/** The one way in which data tells its watchers that it changed. */
export class Observable {
  readonly #watchers = new Set<() => void>();

  subscribe(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
    };
  }

  /** Whether anyone looks. */
  protected get watched(): boolean {
    return this.#watchers.size > 0;
  }

  protected changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
