export const work = { leaseMs: 600, commitMs: 50, retry: { firstDelayMs: 5, maxDelayMs: 20 } };
