/** The instrumentation scope. */
export const scope = 'eventstore-actions';

/** Names of OpenTelemetry's semantic conventions for HTTP clients and errors. */
export const httpMethod = 'http.request.method';
export const httpStatus = 'http.response.status_code';
export const serverAddress = 'server.address';
export const serverPort = 'server.port';
export const errorType = 'error.type';

/** Names of this library. Ids of targets and executions have the cardinality that operators give them. */
export const targetID = 'eventstore_actions.target.id';
export const executionID = 'eventstore_actions.execution.id';
export const kind = 'eventstore_actions.kind';
export const verdict = 'eventstore_actions.verdict';
export const enforced = 'eventstore_actions.enforced';

/** The value of `error.type` for an error without a code: OpenTelemetry's fallback. */
export const otherError = '_OTHER';
