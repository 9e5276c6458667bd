/** The Settings of CreateReq and UpdateReq. */
type SettingsMessage = {
  getResolveLinks(): boolean;
  getExtraStatistics(): boolean;
  getMaxRetryCount(): number;
  getMinCheckpointCount(): number;
  getMaxCheckpointCount(): number;
  getMaxSubscriberCount(): number;
  getLiveBufferSize(): number;
  getReadBatchSize(): number;
  getHistoryBufferSize(): number;
  getNamedConsumerStrategy(): number;
  getMessageTimeoutMs(): number;
  getCheckpointAfterMs(): number;
};

export type GroupSettings = {
  readonly resolveLinks: boolean;
  readonly extraStatistics: boolean;
  readonly maxRetryCount: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  /** 0 for any number of them. */
  readonly maxSubscriberCount: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  readonly strategy: ConsumerStrategy;
  /** Milliseconds; 0 forever. */
  readonly messageTimeout: number;
  /** Milliseconds. */
  readonly checkpointAfter: number;
};

const strategies = ['DispatchToSingle', 'RoundRobin', 'Pinned'] as const;

export type ConsumerStrategy = (typeof strategies)[number];

export const readGroupSettings = (message: SettingsMessage): GroupSettings => ({
  resolveLinks: message.getResolveLinks(),
  extraStatistics: message.getExtraStatistics(),
  maxRetryCount: message.getMaxRetryCount(),
  minCheckpointCount: message.getMinCheckpointCount(),
  maxCheckpointCount: message.getMaxCheckpointCount(),
  maxSubscriberCount: message.getMaxSubscriberCount(),
  liveBufferSize: message.getLiveBufferSize(),
  readBatchSize: message.getReadBatchSize(),
  historyBufferSize: message.getHistoryBufferSize(),
  strategy: strategies[message.getNamedConsumerStrategy()] ?? 'DispatchToSingle',
  messageTimeout: message.getMessageTimeoutMs(),
  checkpointAfter: message.getCheckpointAfterMs(),
});
