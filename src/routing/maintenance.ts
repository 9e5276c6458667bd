import { takeProgressOptions } from '../lib/reading/progressOptions.js';
import { abortable } from '../lib/abortable.js';
import {
  rebuildIndex,
  verifyIndex,
  type RebuildOptions,
  type RebuildProgress,
  type RebuildResult,
  type RebuildSources,
} from './buildIndex.js';

/** Rebuilds and verifies the index. One rebuild of an index that cannot be used serves all callers that ask meanwhile. */
export interface IndexMaintenance {
  rebuild(options?: RebuildOptions): Promise<RebuildResult>;
  verify(options?: RebuildOptions): Promise<RebuildResult>;
}

/** `closing` ends a shared rebuild; the signal of one caller ends only that caller's wait. */
export function createIndexMaintenance(sources: RebuildSources, closing: AbortSignal): IndexMaintenance {
  const { indexStore } = sources;
  const listeners = new Set<(progress: RebuildProgress) => void>();
  let mending: Promise<RebuildResult> | undefined;

  async function begin(): Promise<RebuildResult> {
    const onProgress = (progress: RebuildProgress) => {
      for (const tell of listeners) tell(progress);
    };
    try {
      return await rebuildIndex(sources, { signal: closing, onProgress });
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
    async rebuild(given) {
      const options = takeProgressOptions(given, 'rebuild');
      return indexStore.unusable === undefined ? rebuildIndex(sources, options) : mend(options);
    },
    async verify(given) {
      const options = takeProgressOptions(given, 'verify');
      if (indexStore.unusable !== undefined) await mend(options);
      return verifyIndex(sources, options);
    },
  };
}
