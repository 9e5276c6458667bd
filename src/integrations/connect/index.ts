export { actionsInterceptor, type ActionsInterceptorOptions } from './actionsInterceptor.js';
