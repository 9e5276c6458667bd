import { QueueShare, type Place, type Waiting } from './queueShare.js';
import { alwaysSharedFrom, shareOf } from './share.js';

export interface FairQueueOptions {
  /** How many places there are. */
  readonly atOnce: number;
  /** How many places one target may hold. */
  readonly perTarget: number;
  /**
   * How many places one instance may hold: where it is the only one, and where there are others.
   * @defaultValue all but the share of the others
   */
  readonly perInstance?: { readonly alone: number; readonly shared: number };
  /** How many calls may wait. */
  readonly queue: number;
  /** How many bytes may wait. @defaultValue no bound */
  readonly queueBytes?: number;
  /** Remembers whether more than one instance was seen. The owner keeps it, since an idle queue is forgotten. */
  readonly tenancy?: Tenancy;
}

/** Remembers whether more than one instance makes calls. */
export interface Tenancy {
  firstInstance?: string;
  isShared: boolean;
}

/** The instance and the target of a call that needs a place. */
export interface Claimant {
  readonly instanceID: string;
  readonly targetID: string;
}

/**
 * Places that the targets of all instances share (rule S6). A free place goes to the instances in turn, and within an
 * instance to its targets in turn. An instance, and within it a target, leaves some places to the others (see {@link
 * shareOf}). A full queue drops the latest call of the instance, and within it of the target, that waits with most;
 * that may be the call that has just come.
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #tenancy: Tenancy;
  readonly #instances = new QueueShare(undefined);
  #running = 0;

  constructor(options: FairQueueOptions) {
    this.#options = options;
    this.#tenancy = options.tenancy ?? { isShared: false };
  }

  get running(): number {
    return this.#running;
  }
  get waiting(): number {
    return this.#instances.waiting;
  }
  /** Whether no call runs and no call waits. */
  get isIdle(): boolean {
    return this.#running === 0 && this.waiting === 0;
  }

  /** Takes a place at once; `undefined` where this target has none. */
  tryTake({ instanceID, targetID }: Claimant): Place | undefined {
    this.#see(instanceID);
    const target = this.#instances.child(instanceID).child(targetID);
    if (target.waiting === 0 && this.#mayRun(target)) return this.#take(target);
    target.forgetIfIdle();
    return undefined;
  }

  /**
   * Waits for a place.
   *
   * @returns removes the call from the queue; `undefined` where the queue is full and this call is dropped
   */
  wait({ instanceID, targetID }: Claimant, waiting: Waiting): (() => void) | undefined {
    this.#see(instanceID);
    const target = this.#instances.child(instanceID).child(targetID);
    const leave = target.enqueue(waiting);
    return this.#keepsWaiting(waiting, target) ? leave : undefined;
  }

  /** Drops calls until the queue is within its bounds. `false` where `latest` itself was dropped. */
  #keepsWaiting(latest: Waiting, target: QueueShare): boolean {
    const { queue, queueBytes = Infinity } = this.#options;
    const all = this.#instances;
    while (all.waiting > queue || all.bytes > queueBytes) {
      const most = (share: QueueShare, latest: QueueShare | undefined) =>
        all.waiting > queue ? share.longest(latest) : share.heaviest(latest);
      const instance = most(all, target.parent);
      const dropped = instance && most(instance, target)?.takeLast();
      if (dropped === undefined || dropped === latest) return false;
      dropped.drop();
    }
    return true;
  }

  #see(instanceID: string): void {
    const tenancy = this.#tenancy;
    if (tenancy.isShared) return;
    tenancy.firstInstance ??= instanceID;
    tenancy.isShared = tenancy.firstInstance !== instanceID;
  }

  get #mostOfInstance(): number {
    const { atOnce, perInstance } = this.#options;
    return perInstance?.[this.#tenancy.isShared ? 'shared' : 'alone'] ?? atOnce;
  }

  #mayRun(target: QueueShare): boolean {
    const instance = target.parent;
    if (instance === undefined || target.running >= this.#options.perTarget) return false;
    if (!this.#hasRoom(instance)) return false;
    const room = this.#roomOf(instance) - (instance.running - target.running);
    return target.running < shareOf(room, instance.hasSeveral);
  }

  #roomOf(instance: QueueShare): number {
    const { atOnce } = this.#options;
    const isShared = atOnce >= alwaysSharedFrom || this.#tenancy.isShared;
    return shareOf(atOnce - (this.#running - instance.running), isShared);
  }

  /** Whether any target of an instance may run. */
  #hasRoom(instance: QueueShare): boolean {
    if (this.#running >= this.#options.atOnce) return false;
    return instance.running < Math.min(this.#roomOf(instance), this.#mostOfInstance);
  }

  #take(target: QueueShare): Place {
    this.#running += 1;
    target.run(1);
    let isTaken = true;
    return {
      release: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#running -= 1;
        target.run(-1);
        this.#startNext();
      },
    };
  }

  #startNext(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const place = this.#take(next);
      next.takeFirst()?.start(place);
    }
  }

  /** The target that is next; it passes over only targets with running calls, so the search is short. */
  #next(): QueueShare | undefined {
    if (this.#running >= this.#options.atOnce) return undefined;
    for (const instance of this.#instances.queued()) {
      // Skip the instance: each of its targets would be tried without a result.
      if (!this.#hasRoom(instance)) continue;
      for (const target of instance.queued()) if (this.#mayRun(target)) return target;
    }
    return undefined;
  }
}
