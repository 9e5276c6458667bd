export { fastifyActions, type FastifyActionsOptions } from './fastifyActions.js';
export { actionsProblems } from './problemReply.js';
