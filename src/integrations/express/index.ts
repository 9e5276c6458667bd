export { expressActions, type ExpressActionsOptions } from './expressActions.js';
export { actionsProblems } from './actionsProblems.js';
