export type { EmmettStore, InterceptingActions } from './emmettStore.js';
export { interceptEmmett } from './interceptEmmett.js';
