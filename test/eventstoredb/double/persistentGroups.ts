import type { PersistentGroup } from './persistentGroup.js';
import { groupFailure, type Failure } from './trailers.js';

/** The persistent subscription groups of a database, each known by its source and its name. */
export class PersistentGroups {
  readonly #groups = new Map<string, PersistentGroup>();

  get all(): readonly PersistentGroup[] {
    return [...this.#groups.values()];
  }

  find(source: string, name: string): PersistentGroup | Failure {
    return this.#groups.get(`${source}::${name}`) ?? groupFailure('does-not-exist', source, name);
  }

  has(source: string, name: string): boolean {
    return this.#groups.has(`${source}::${name}`);
  }

  add(group: PersistentGroup): void {
    this.#groups.set(`${group.source.name}::${group.name}`, group);
  }

  delete(group: PersistentGroup): void {
    this.#groups.delete(`${group.source.name}::${group.name}`);
    group.delete();
  }

  close(): void {
    for (const group of this.all) this.delete(group);
  }

  restart(): void {
    for (const group of this.all) group.restart();
  }
}
