import { expect } from 'chai';
import { createRequire } from 'node:module';
import { githubEvents, recordedWebhooks } from '../../../src/cli/demo/githubEvents.js';

describe('the events of the demo', () => {
  it('are those of @octokit/webhooks-examples, which installations do not have', async () => {
    expect(await recordedWebhooks()).to.deep.equal(
      createRequire(import.meta.url)('@octokit/webhooks-examples'),
    );
  });

  it('have types, unique ids, and streams named after their subject', async () => {
    const events = await githubEvents((stream) => `x_${stream}`);
    expect(events).to.have.length(329);
    expect(new Set(events.map(({ id }) => id))).to.have.property('size', 329);
    expect(events.find(({ type }) => type === 'issues.opened')).to.include({
      stream: 'x_repository-Codertocat/Hello-World',
    });
  });
});
