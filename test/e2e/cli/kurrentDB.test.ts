import { expect } from 'chai';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { closeAfterTest } from '../../support/closings.js';
import { runProgram, useProgram } from './program.js';

describe('the program on KurrentDB', () => {
  useProgram();

  for (const scheme of ['kurrentdb', 'kurrent', 'kdb'])
    it(`keeps targets at ${scheme}://, in a process that loads that client alone`, async () => {
      const double = await startDouble();
      closeAfterTest(() => double.close());
      const env = {
        EVENTSTORE_ACTIONS_STORE: double.connectionString.replace(/^esdb/, scheme),
        EVENTSTORE_ACTIONS_KEYRING: 'plaintext',
        EVENTSTORE_ACTIONS_ALLOW: '127.0.0.1',
      };
      const input = ['--name', 'crm', '--type', 'webhook', '--endpoint', 'http://127.0.0.1:8080/'];
      const added = await runProgram(['targets', 'add', ...input, '--json'], { env });
      expect([added.status, added.stderr]).to.deep.equal([0, '']);
      const listed = await runProgram(['targets', 'list', '--json'], { env });
      expect([listed.status, listed.stderr]).to.deep.equal([0, '']);
      expect(listed.stdout).to.contain('"crm"');
      expect(double.stored().some(({ stream }) => stream.startsWith('actions.target-'))).to.equal(true);
    });

  it('says that a connection string is malformed, without quoting the string', async () => {
    const env = { EVENTSTORE_ACTIONS_STORE: 'kurrentdb://ann:secret@' };
    const run = await runProgram(['targets', 'list'], { env });
    expect(run).to.include({ status: 2, stdout: '' });
    expect(run.stderr)
      .to.contain('the connection string of KurrentDB is malformed')
      .and.not.contain('secret');
  });

  it('runs the demo, and does not show the connection string', async () => {
    const double = await startDouble();
    closeAfterTest(() => double.close());
    const location = double.connectionString.replace(/^esdb:\/\//, 'kurrentdb://ann:secret@');
    const run = await runProgram(['demo', '--store', location]);
    expect(run).to.include({ status: 0 });
    expect(run.stdout + run.stderr)
      .to.contain('KurrentDB')
      .and.not.contain('secret');
  });
});
