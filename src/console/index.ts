export { createConsole, type ActionsConsole, type ConsoleOptions } from './console.js';
