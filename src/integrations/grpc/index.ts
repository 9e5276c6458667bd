export { guardService, type GuardServiceOptions } from './guardService.js';
