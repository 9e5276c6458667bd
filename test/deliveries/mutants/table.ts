import { laterMutants } from './laterMutants.js';
import { at, inDeliveries, testIn, type Mutant } from './mutant.js';

const inTransport = at('firing/transport');

const whole = 'reads events that did not fit into memory again, and skips none';
const claimed = 'gives a partition to one of two workers that claim it with the same epoch';

export const mutants: readonly Mutant[] = [
  {
    what: 'the position is committed without lanes',
    edits: [inDeliveries('progress/partition.ts', 'putLanes.push(open.row());', '')],
    test: testIn(
      'deliveries/frontier',
      'holds a lane for every event that the commit counts as read and that no target has answered',
    ),
  },
  {
    what: 'a lane closes without regard to what was passed over during its read',
    edits: [inDeliveries('sending/refill.ts', 'lane.skips !== skips &&', 'lane.skips < skips &&')],
    test: testIn(
      'deliveries/refill',
      'does not close before it has sent an event that was appended after its read and passed by the reader',
    ),
  },
  {
    what: 'a lane closes without regard to what was passed over before',
    edits: [
      inDeliveries(
        'sending/passing.ts',
        'lane.queued > 0 || lane.skippedTo !== undefined || letter',
        'lane.queued > 0 || letter',
      ),
    ],
    test: testIn('deliveries/delivering', whole),
  },
  {
    what: 'a full queue drops events without a note',
    edits: [
      inDeliveries(
        'reading/put.ts',
        'lane.queued === 0)\n      lane.skip(version);',
        'lane.queued === 0)\n      return;',
      ),
    ],
    test: testIn('deliveries/delivering', whole),
  },
  {
    what: 'the position of the reader moves before an event is dispatched',
    edits: [
      inDeliveries(
        'reading/mainReader.ts',
        'if (isRead(event.stream) && !isForeign(event)) {',
        'reach(event.position);\n    if (isRead(event.stream) && !isForeign(event)) {',
      ),
      inDeliveries(
        'reading/mainReader.ts',
        'event.position > partition.position',
        'event.position >= partition.position',
      ),
    ],
    test: testIn(
      'deliveries/frontier',
      'keeps the position of a target with too many lanes before the first event without a lane',
    ),
  },
  {
    what: 'no commit between a dead letter and the next event',
    edits: [
      inDeliveries(
        'progress/partition.ts',
        'this.#pending.removed.delete(letter.id);\n    this.#pending.then.push(then);',
        'this.#pending.removed.delete(letter.id);\n    then();',
      ),
    ],
    test: testIn('deliveries/frontier', 'keeps a dead letter before the next event'),
  },
  {
    what: 'the end of a refill is taken before its read',
    edits: [
      inDeliveries(
        'sending/refill.ts',
        'const { skips } = lane;',
        'const { skips } = lane;\n    const upTo = partition.readTo(lane);',
      ),
      inDeliveries(
        'sending/refill.ts',
        'const upTo = partition.readTo(lane);\n    const { head',
        'const { head',
      ),
    ],
    test: testIn('deliveries/refill', 'keeps the events that the reader passed while the lane was reading'),
  },
  {
    what: 'a handover does not wait for calls',
    edits: [inDeliveries('worker/holdings.ts', 'await callsEnded(partition);\n    cancel();', 'cancel();')],
    test: testIn('deliveries/handover', 'is given away once its calls have ended'),
  },
  {
    what: 'the cursor of a target that is down goes on',
    edits: [
      inDeliveries(
        'context/targetFlow.ts',
        "if (circuit.isDown) return { stop: 'down', reason: '' };",
        'void circuit;',
      ),
    ],
    test: testIn('deliveries/outage', 'gets no further lanes, however much is appended'),
  },
  {
    what: 'the lease is measured by the time of day',
    edits: [
      inDeliveries(
        'worker/ownership.ts',
        'const { clock } = access;',
        'const clock = { ...access.clock, elapsed: access.clock.now };',
      ),
    ],
    test: testIn('deliveries/handover', 'is not shortened when the time of day jumps'),
  },
  {
    what: 'an aborted call is counted',
    edits: [
      inDeliveries(
        'sending/settle.ts',
        'else retryAfter(partition, lane, 1);',
        'else {\n        lane.attempts++;\n        retryAfter(partition, lane, 1);\n      }',
      ),
    ],
    test: testIn('deliveries/handover', 'costs no attempt'),
  },
  {
    what: 'a probe is counted',
    edits: [
      inDeliveries(
        'sending/laneStep.ts',
        '!isProbe || (lane.attempts > 0 && lane.dueAt <= clock.elapsed())',
        '!isProbe || clock.elapsed() >= 0',
      ),
    ],
    test: testIn('deliveries/outage', 'costs no attempts: a probe counts only where the lane is due'),
  },
  {
    what: 'a claim takes no notice of the epoch, in memory',
    edits: [
      inDeliveries(
        'store/memoryDeliveryStore.ts',
        'if (held.epoch !== epoch) return undefined;',
        'void epoch;',
      ),
    ],
    test: testIn('contract/deliveries', `memoryDeliveryStore as a delivery store ${claimed}`),
  },
  {
    what: 'a claim takes no notice of the epoch, in an event store',
    edits: [
      inDeliveries(
        'eventStore/eventDeliveryStore.ts',
        'if (loaded.epoch !== epoch) return undefined;',
        'void loaded;',
      ),
    ],
    test: testIn('contract/deliveries', `eventDeliveryStore in memory as a delivery store ${claimed}`),
  },
  {
    what: 'streams of the library are delivered',
    edits: [
      inDeliveries(
        'reading/mainReader.ts',
        'isHookedStream(stream) &&',
        '(isHookedStream(stream) || true) &&',
      ),
    ],
    test: testIn('deliveries/identity', 'is never an event of the library'),
  },
  {
    what: 'the id of a delivery comes from the execution that won',
    edits: [
      inDeliveries(
        'sending/prepare.ts',
        'deliveryID: deliveryID(lane, event),',
        'deliveryID: deliveryID({ ...lane, targetID: resolved.executionID }, event),',
      ),
    ],
    test: testIn('deliveries/identity', 'stays the same while executions change'),
  },
  {
    what: 'the lease is not asked for once a connection is open',
    edits: [inTransport('exchange.ts', "if (socket.connecting) socket.once('connect', assertMaySend);", '')],
    test: testIn('firing/transport/mayStillSend', 'is asked for once more when the connection is open'),
  },
  {
    what: 'the lease is not asked for after the TLS handshake',
    edits: [inTransport('exchange.ts', "socket.once('secureConnect', assertMaySend);", 'void socket;')],
    test: testIn('firing/transport/mayStillSend', 'is asked for once more after the TLS handshake'),
  },
  {
    what: 'the lease is not asked for before a call is written to a connection that was kept',
    edits: [inTransport('exchange.ts', '    assertMaySend();\n', '')],
    test: testIn(
      'firing/transport/mayStillSend',
      'is asked for before a call is written to a connection that was kept',
    ),
  },
  {
    what: 'a partition whose commit failed goes on calling',
    edits: [inDeliveries('sending/scheduler.ts', ' && !partition.isStalled', '')],
    test: testIn('deliveries/faults/fullDisk', 'stops the calls, says so, and goes on once there is room'),
  },
  {
    what: 'idle while a commit is under way',
    edits: [inDeliveries('worker/idleness.ts', 'committer.isWriting(partition) || ', '')],
    test: testIn('deliveries/idleness', 'does not resolve while a commit is under way'),
  },
  {
    what: 'idle while the partitions are to be claimed again',
    edits: [
      inDeliveries(
        'worker/idleness.ts',
        'if (!partitions.has(number) && !refused.has(number)) return false;',
        'void number;',
      ),
    ],
    test: testIn(
      'deliveries/idleness',
      'does not resolve while the worker has lost its partitions and not claimed them again',
    ),
  },
  {
    what: 'a target that is slow keeps the reader of those that are behind',
    edits: [inDeliveries('reading/waitForRoom.ts', 'if (window.isFull) spill();', 'void spill;')],
    test: testIn(
      'deliveries/besideADeadTarget',
      'catches up while other late targets never answer, however few events are read at once',
    ),
  },
  ...laterMutants,
];
