import { expect } from 'chai';
import { newProject, type Project } from './project.js';

/** What docs/examples/nest/main.ts prints: an order that passes, one refused as a request, one as an event, one amended. */
const printed = [
  'ok 201 {"placed":"ok","total":1}',
  'r 403 {"statusCode":403,"message":"not this request"}',
  'e 409 {"statusCode":409,"message":"not this event"}',
  'a 201 {"placed":"amended"}',
  '',
].join('\n');

const compilerOptions = {
  module: 'commonjs',
  target: 'es2022',
  strict: true,
  skipLibCheck: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  types: ['node'],
  outDir: 'out',
};

describe('an application of NestJS, in CommonJS', () => {
  for (const version of ['10', '11'])
    it(`${version} vetoes and amends requests, responses and events, as the guide says`, async () => {
      const nest = ['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@${version}`);
      const project: Project = await newProject([
        ...nest,
        'reflect-metadata@0.2',
        'rxjs@7',
        'typescript@5.9',
        '@types/node@20',
      ]);
      try {
        project.copy({
          'actions.module.ts': 'docs/examples/nest/actions.module.ts',
          'main.ts': 'docs/examples/nest/main.ts',
        });
        project.write({ 'tsconfig.json': { compilerOptions, files: ['main.ts'] } });
        expect(
          await project.node('node_modules/typescript/bin/tsc', '-p', '.', '--pretty', 'false'),
        ).to.equal('');
        expect(await project.node('out/main.js')).to.equal(printed);
      } finally {
        project.remove();
      }
    }).timeout(300_000);
});
