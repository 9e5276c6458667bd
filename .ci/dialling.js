const message = 'A command calls targets through actions, so that the network policy judges the call.';

/** Globals that make calls. */
const globals = ['fetch', 'WebSocket', 'EventSource'].map((name) => ({ name, message }));
/** Members of packages of Node that make calls; servers and types are free. */
const members = [
  'request',
  'get',
  'Agent',
  'globalAgent',
  'ClientRequest',
  'connect',
  'createConnection',
  'Socket',
];

/** What a command may not do: make calls of its own. */
export const noDialling = {
  globals: { 'no-restricted-globals': ['error', { globals, checkGlobalObject: true }] },
  imports: [
    { regex: '^node:(?:https|http2|tls|dgram)$', message },
    { regex: '^node:(?:http|net)$', importNames: ['default', ...members], message },
  ],
  syntax: [
    { selector: 'ImportExpression > Literal[value=/^(?:node:)?(?:https?|http2|net|tls|dgram)$/]', message },
  ],
};
