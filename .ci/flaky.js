/** What makes a test fail on a busy machine. */
export const flaky = [
  ...['WhileStatement', "ForStatement[test.type='LogicalExpression']"].map((loop) => ({
    selector: `${loop} > ExpressionStatement > AwaitExpression > NewExpression CallExpression[callee.name=/^set(Timeout|Immediate)$/]`,
    message: 'Wait with until() of test/support/conditions.ts: it has an end, and says what did not come.',
  })),
  {
    selector:
      "CallExpression[callee.name='expect'] CallExpression[callee.object.name=/^(performance|Date)$/][callee.property.name='now']",
    message: 'A time on the wall tells of the machine as well: count, or wait for the state.',
  },
  {
    selector:
      "CallExpression[callee.name='once']:has(MemberExpression[property.name=/^std(out|err)$/]) > Literal[value='data']",
    message: 'Output comes in pieces: read a line of createInterface().',
  },
  {
    selector:
      "CallExpression[callee.property.name='timeout'][callee.object.name!='AbortSignal'] > Literal[raw=/^(\\d{1,3}|\\d{1,2}_?\\d{3}|1[01]\\d_?\\d{3})$/]",
    message: 'A busy machine meets a limit below that of .mocharc.json: leave it out.',
  },
  {
    selector: "Property[key.name='leaseMs'] > Literal[raw=/^(\\d{1,4}|\\d_\\d{3})$/]",
    message:
      'A machine that stalls ends so short a lease, and calls are made again: leave it out, or name it shortLeaseMs where its end is tested.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='memoryUsage']",
    message: 'Ask test/support/memory.ts: it collects the garbage before.',
  },
];
/** What reads a page once, and asserts. */
export const flakyPage = {
  selector:
    "CallExpression[callee.name='expect']:not(CallExpression[callee.name='passes'] CallExpression) AwaitExpression > CallExpression[callee.property.name=/^(count|innerText|textContent|inputValue|getAttribute|allInnerTexts|allTextContents|is[A-Z][a-z]+)$/]",
  message: 'A page changes some time after a click: give the expectation to passes().',
};
