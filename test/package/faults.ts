/** The place of a test: its file, below `test`, and a part of its title, or of the title of its case. */
interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** A fault that was found: the rule that has to hold, and its tests. */
interface Fault {
  readonly id: string;
  readonly holds: string;
  /** With the input that showed the fault. */
  readonly found: NamedTest;
  /** With another input of its kind. */
  readonly another: NamedTest;
}

const differential = 'e2e/integrations/differential';

/** One line for each fault: its id, the rule, and the two tests. */
const table = `
# The library sends only judged content.
A1 | a second answer fails as in plain Express | ${differential}/expressLate.ts: answers twice | ${differential}/expressLate.ts: answers, then rejects
A1 | and adds nothing until middleware has sent | integrations/expressHeld.test.ts: failure follows the answer | integrations/lateSend.test.ts: takes nothing of its handler after it was
A2 | a response of Fastify waits for its verdict | integrations/fastifyHeld.test.ts: is sent and returned | integrations/fastifyHeld.test.ts: is made in onSend of the route
A3 | a held write wakes its writer under compression | ${differential}/expressMiddleware.ts: waits for drain under compression | ${differential}/expressWrites.ts: waits for drain
A4 | an object that changes is sent as it was judged | integrations/expressHeld.test.ts: sends the judged content, also when the object changes | integrations/connectHeldResponses.test.ts: has the headers that were set when the handler answered
A4 | over Fastify and gRPC too | integrations/fastifyHeld.test.ts: sends the judged content, also when the object changes | integrations/grpcHeldResponses.test.ts: is sent as the handler gave the response
A5 | events of EventStoreDB are encoded at once | stores/eventStoreDB/interceptClient/calling.test.ts: also when they change during the call | stores/eventStoreDB/interceptClient/calling.test.ts: and rejects with a typed error for circular metadata
A6 | events of Emmett are taken at once | stores/emmett/eventData.test.ts: in events without targets and deep down | hooks/deepContent.test.ts: is appended unchanged when the error does not interrupt
A7 | targets receive the content that a route of Fastify sends | integrations/fastifyHeld.test.ts: a response schema that tells content types apart | integrations/fastifyHeld.test.ts: that the route cannot serialise
A7 | numbers of a serialiser are shown exactly | integrations/fastifyHeld.test.ts: shows targets the content after the route's own hooks and schemas | integrations/fastifyNumbers.test.ts: that JavaScript would round
A8 | settings of Express decide the shown content | integrations/expressHeld.test.ts: shows targets the content as the application's settings write it, and sends amended content the same way | integrations/expressHeld.test.ts: that the application cannot send
A9 | a refusal lets go of files and writers | integrations/expressHeld.test.ts: closes the files of 50 refused streams | integrations/expressHeld.test.ts: destroys the piped-in stream when its client leaves
A9 | a loop that waits for drain ends | integrations/expressHeld.test.ts: ends a loop that waits for drain | integrations/fastifyHeld.test.ts: survives a stream that fails while its response is judged
A10 | a refusal drops trailers | integrations/fastifyHeld.test.ts: drops the trailers and headers | integrations/grpcHeldResponses.test.ts: takes the trailer of a stream away

# The caller holds in every callback.
B1 | events of request and response run for the caller | integrations/expressHeld.test.ts: holds in every event of the request | integrations/callbacks.test.ts: in every callback of
B1 | and of body, signal and call | integrations/grpcHeldResponses.test.ts: tells listeners of its end in the context of its caller | integrations/fastifyCallers.test.ts: at the time limit of the route

# One rule has one place.
C1 | a schema that throws is an error of the target | hooks/snapshots.test.ts: reason schema, wherever it is registered | hooks/snapshots.test.ts: that rejects
C2 | content without JSON is an error of each target | hooks/snapshots.test.ts: where it has no JSON | hooks/snapshots.test.ts: 65 levels
C3 | the kind of content is that of its JSON | hooks/snapshots.test.ts: by an answer of the JSON type of its JSON | hooks/deepContent.test.ts: of 64 levels is sent
C4 | an evolve that changes its draft changes no held target | routing/reduceEvent.test.ts: keeps a matched target for an operation under way, also when evolve changes its draft | decider.test.ts: continues from a state without changing the state
C5 | rehearsals obey the bounds of calls | hooks/rehearsePacing.test.ts: waits for a place at | hooks/rehearsePacing.test.ts: whose breaker is open
C6 | a target may return any sent content | hooks/snapshots.test.ts: is accepted back from a target, also with reserved names in it | lib/json/exactNumbers.test.ts: is kept where it does not change

# Hostile input costs little, and only the tenant that sends it.
D1 | numbers are judged in linear time | lib/json/exactNumbers.test.ts: is judged in time linear in its length | package/linearExpressions.test.ts: take time that is linear
D2 | a body of many pieces is one buffer | receiver/rawBody.test.ts: in chunks of one byte keeps no chunk | e2e/cli/listen.test.ts: keeps none of the pieces of a body that comes in bytes
D3 | async calls are bounded in bytes | firing/pacing/tenants.test.ts: holds a bounded number of bytes of async calls | firing/pacing/weightHeap.test.ts: looks at a few of the
D4 | a list expands to a bounded number of targets | stores/localFaults.test.ts: refuse a list that expands to too many targets | routing/router.test.ts: that concurrent writes made too long
D5 | lookups are shared between tenants | firing/pacing/tenants.test.ts: leaves the lookups of other tenants their places | firing/pacing/fairQueue.test.ts: are never all taken by one instance
D6 | async calls are shared between tenants | firing/pacing/tenants.test.ts: leaves the async calls of others their places | firing/pacing/tenants.test.ts: leaves other tenants their places at a shared host
D7 | interim answers without end are a wrong answer | firing/transport/hostileAnswers.ts: a flood of early hints | firing/transport/hostileAnswers.ts: a flood of different 1xx
D8 | a call that was never sent uses up no probe | firing/pacing/breakerRecovery.test.ts: stays open when its trial call is aborted, or never sent | firing/pacing/breakerRecovery.test.ts: nor wait for the trial call
D9 | names and instances without end are forgotten | routing/router.test.ts: does not cache names of a megabyte | stores/sqliteIndex/durableIndex.test.ts: stores no rows for instances that are only queried

# The machine fails, and the library goes on.
E1 | the lock of a dead builder is taken over | stores/sqliteIndex/failingFile.test.ts: as the next container has them | stores/sqliteIndex/failingFile.test.ts: of another host, with a beat of a minute ago
E2 | a lost index file costs a replay | stores/sqliteIndex/failingFile.test.ts: costs a replay where its tables are gone | stores/sqliteIndex/failingFile.test.ts: costs a replay where the file becomes garbage
E2 | and no timer throws where nothing takes it | package/endsThatReport.test.ts: ends in src/lib, which reports its errors | lib/ignoredError.test.ts: of a timer of the clock is a warning too
E3 | a lock of another process holds up no event loop | stores/sqliteIndex/failingFile.test.ts: waits with timers for the process that holds the lock, and then has the written events | stores/sqliteIndex/failingFile.test.ts: is the same file by a link
E4 | a damaged event is skipped and reported | stores/localFaults.test.ts: returns damaged data as bytes | routing/memoryIndex.test.ts: records a malformed event as failed
E5 | durations go by a monotonic clock | firing/pacing/clockSetBack.test.ts: keeps no circuit open for that hour | firing/pacing/clockJumps.test.ts: keeps a circuit open for its time and no longer
E6 | a dialler that refuses is not bypassed | firing/transport/unusableDialler.test.ts: is a network failure, and no other address is dialled | firing/transport/unusableDialler.test.ts: a promise of undefined
E7 | wrong input is a typed error | stores/localFaults.test.ts: ends the projection when it is closed before the actions, and health says so | stores/localFaults.test.ts: refuses a list with a hole

# Small rules.
F1 | rehearsals show no header value | hooks/snapshots.test.ts: masks header values, however the answer spells them | hooks/snapshots.test.ts: as a name, in a list or in a refusal
F2 | half a surrogate pair is no name | stores/localFaults.test.ts: refuse names with half a surrogate pair | hooks/snapshots.test.ts: refuses reserved names in an answer when the content had none
F3 | a declaration loses no name | e2e/cli/wording.test.ts: with a name that JavaScript would lose | e2e/cli/wording.test.ts: that would lose a header, a list or the first of two targets
F4 | a payload of a function forges no field | hooks/snapshots.test.ts: an inherited toJSON | hooks/snapshots.test.ts: the answer so far
F5 | a receiver without a time takes no call | receiver/requestHeaders.test.ts: refuses every call | receiver/requestHeaders.test.ts: remembers no id by a time
F6 | errors send nothing that steers a terminal | e2e/cli/wording.test.ts: lets no text of others steer the terminal | e2e/cli/usage.test.ts: shows control characters of a name as text
F7 | binary metadata are shown as base64 | integrations/grpcHeldResponses.test.ts: shows binary metadata as base64 | stores/eventStoreDB/interceptClient/calling.test.ts: sends bytes as base64
F8 | headers and bodies are recognised by their shape | receiver/requestHeaders.test.ts: are read by their shape | receiver/rawBody.test.ts: also of another realm
F9 | a client of another kind is refused | stores/eventStoreDB/foreignClient.test.ts: is refused with a typed error | stores/eventStoreDB/foreignClient.test.ts: is refused before any request when a function returns it
F10 | extensions and custom options are read | ${differential}/grpcMessageCases.ts: proto2: options with custom options | ${differential}/connectStreamCases.ts: proto2: extensions
F11 | presence in proto2 survives an echo | ${differential}/grpcMessageCases.ts: proto2: false where true is the default | integrations/grpcTypes.test.ts: keep zeros in requests that proto-loader did not fill in
F12 | a comma in a parameter is no second content type | firing/answers/contentType.test.ts: declares JSON | firing/answers/contentType.test.ts: declares something else
F13 | help and guide state the real behaviour | e2e/cli/help.test.ts: only a refusal is read | e2e/cli/help.test.ts: only a durable delivery is repeated
F14 | errors say "nothing was written" only where something would be | lib/input.test.ts: says that nothing was written for operations that write, and that nothing was read for queries | hooks/badInput.test.ts: of runAs, request and explain
F15 | a request without a host ends no process | integrations/connectWithoutHost.test.ts: with 400, and goes on | zitadel/fuzz.test.ts: without a host, or with bytes that are no message, is refused as the caller's fault

# Found while tests for the others were written.
G1 | names of types follow the scopes of protobuf | integrations/grpcTypes.test.ts: resolve a type name in the innermost scope that declares it | integrations/grpcTypes.test.ts: whose types have the same field names
G2 | each file keeps the presence of its syntax | integrations/grpcTypes.test.ts: read and write | ${differential}/connectStreamCases.ts: editions: explicit and required at zero
G3 | a refused Response closes its file | integrations/fastifyHeld.test.ts: closes the file of a | integrations/fastifyHeld.test.ts: at which the validator throws
G4 | a function as JSON is what it is bare | ${differential}/expressAnswers.ts: answers a function as JSON | ${differential}/expressAnswers.ts: answers undefined as JSON
G5 | metadata wait for the verdict | integrations/grpcHeldResponses.test.ts: takes the metadata of its handler away | integrations/connectHeldResponses.test.ts: takes the headers and trailers of its handler away
G6 | ways past the response are judged or refused | integrations/fastifyHeld.test.ts: comes from onRequest | integrations/heldPrototypes.test.ts: sends nothing unjudged
G7 | a payload schema that throws is a typed error | hooks/snapshots.test.ts: of a payload is a typed error | hooks/snapshots.test.ts: of zod with an async refinement
G8 | a request that changes reaches the handler as its own | integrations/express.test.ts: reaches the handler as its own object where | integrations/express.test.ts: reaches the handler as it was judged where a target amended it
G9 | a body with a name of a verdict is never content | hooks/snapshots.test.ts: is not amended by an answer with a name of a verdict | firing/answers/verdict.test.ts: in a malformed form is an error of the target
G10 | listeners of a signal run for the caller | integrations/connectHeldResponses.test.ts: has a signal that tells listeners | integrations/fastifyCallers.test.ts: its body and signal
G11 | an index that was emptied answers for no operation | stores/sqliteIndex/failingFile.test.ts: answers INDEX_NOT_READY at once | stores/sqliteIndex/failingFile.test.ts: costs a rebuild where a row is damaged
G12 | a clock that throws costs one append | stores/localFaults.test.ts: refuses an append while its clock | stores/localFaults.test.ts: gives a time past all dates
G13 | a rehearsed function forges nothing, and shows no header value | hooks/snapshots.test.ts: live and rehearsed | hooks/snapshots.test.ts: as a name, in a list or in a refusal
G14 | waiters cost each comparison once | routing/waiters.test.ts: are not all compared with each position | routing/waiters.test.ts: are each visited a few times when they abort in turn, however many wait
G15 | failed events are bounded | stores/sqliteIndex/failedEvents.test.ts: are kept up to 1 000 | e2e/hostile/inputs/storedEvents.ts: streams of ours with what is no event of ours
G16 | a dialler that gives no socket ends no close | firing/transport/unusableDialler.test.ts: some of the methods of a socket | firing/transport/unusableDialler.test.ts: an object whose then throws
G17 | a clock that gives no time is refused | stores/localFaults.test.ts: refuse a clock that gives no time | receiver/requestHeaders.test.ts: refuses every call
G18 | output sends nothing that steers a terminal | e2e/cli/wording.test.ts: on stdout or on stderr, also as JSON | e2e/cli/wording.test.ts: exports names that would steer the terminal
G19 | a beat ahead of time means gone | stores/sqliteIndex/failingFile.test.ts: with a beat an hour ahead | stores/sqliteIndex/failingFile.test.ts: is respected while the builder beats
G20 | a rebuild fails in its promise, with a typed error | stores/localFaults.test.ts: fails a rebuild and a comparison with its own error | stores/sqliteIndex/failingFile.test.ts: costs a rebuild where a row is damaged
`;

function testOf(text = ''): NamedTest {
  const [file = '', ...title] = text.split(': ');
  return { file, title: title.join(': ') };
}

export const faults: readonly Fault[] = table
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [id = '', holds = '', found, another] = line.split(' | ');
    return { id, holds, found: testOf(found), another: testOf(another) };
  });
