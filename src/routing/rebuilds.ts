import { abortable } from '../lib/abortable.js';
import {
  rebuild,
  verify,
  type RebuildOptions,
  type RebuildProgress,
  type RebuildResult,
  type RebuildSources,
} from './rebuild.js';

/** The rebuilds of one process. That of an index which cannot be used is shared by all who ask for one meanwhile. */
export interface Rebuilds {
  rebuild(options?: RebuildOptions): Promise<RebuildResult>;
  verify(options?: RebuildOptions): Promise<RebuildResult>;
}

/** `closing` ends a shared rebuild; the signal of somebody who shares it lets only that one go. */
export function createRebuilds(sources: RebuildSources, closing: AbortSignal): Rebuilds {
  const { indexStore } = sources;
  const listeners = new Set<(progress: RebuildProgress) => void>();
  let mending: Promise<RebuildResult> | undefined;

  async function begin(): Promise<RebuildResult> {
    const onProgress = (progress: RebuildProgress) => {
      for (const tell of listeners) tell(progress);
    };
    try {
      return await rebuild(sources, { signal: closing, onProgress });
    } finally {
      mending = undefined;
    }
  }

  async function mend({ onProgress, signal }: RebuildOptions): Promise<RebuildResult> {
    signal?.throwIfAborted();
    const tell = (progress: RebuildProgress) => onProgress?.(progress);
    listeners.add(tell);
    try {
      return await abortable((mending ??= begin()), signal);
    } finally {
      listeners.delete(tell);
    }
  }

  return {
    rebuild: (options = {}) =>
      indexStore.unusable === undefined ? rebuild(sources, options) : mend(options),
    async verify(options = {}) {
      if (indexStore.unusable !== undefined) await mend(options);
      return verify(sources, options);
    },
  };
}
