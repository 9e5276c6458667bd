export const work = {
  leaseMs: 600,
  commitMs: 50,
  retry: { firstDelayMs: 5, permanentAttempts: 2 },
};
