/** Upper bounds, in seconds, that OpenTelemetry's conventions give for HTTP. Its default bounds are for milliseconds. */
export const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Upper bounds, in seconds, of times that last up to days, such as those of durable delivery. */
export const longSecondsBuckets = [...secondsBuckets, 30, 60, 300, 1_800, 3_600, 21_600, 86_400, 604_800];
