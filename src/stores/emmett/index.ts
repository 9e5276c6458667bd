export type { EmmettStore } from './emmettStore.js';
export type { InterceptingActions } from '../../hooks/hookOf.js';
export { interceptEmmett } from './interceptEmmett.js';
