export { createActionService, type ActionService, type ActionServiceOptions } from './actionService.js';
export type { Access, Authenticate } from './calls/access.js';
export { createActionServer, type ActionServer, type ActionServerOptions } from './actionServer.js';
