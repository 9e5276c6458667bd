import { expect } from 'chai';
import { nestPackages } from './nest/packages.js';
import { newProject } from './project.js';
import { freePort } from '../../support/freePort.js';

/** The output of test/e2e/package/nest/streams.ts. */
const printed = [
  'pen pencil ',
  'taken 6 taken',
  'who who ada',
  'pen 3',
  'pen 9',
  'follow 1',
  'follow 9007199254740993',
  'follow 7 no third',
];

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

describe("the guide's interceptor for the gRPC transport of NestJS", () => {
  it('judges requests, events and every message of an answer, for the caller and at the depth that the metadata say', async () => {
    const project = await newProject(nestPackages('11'));
    try {
      project.copy({
        'actions.module.ts': 'docs/examples/nest/actions.module.ts',
        'grpcActions.interceptor.ts': 'docs/examples/nest/grpcActions.interceptor.ts',
        'main.ts': 'test/e2e/package/nest/streams.ts',
        'watch.proto': 'test/e2e/package/nest/watch.proto',
      });
      project.write({ 'tsconfig.json': { compilerOptions, files: ['main.ts'] } });
      const tsc = ['node_modules/typescript/bin/tsc', '-p', '.', '--pretty', 'false'];
      expect(await project.node(...tsc)).to.equal('');
      project.write({ 'start.cjs': `process.env.PORT = ${await freePort()}; require('./out/main.js');` });
      const lines = (await project.node('start.cjs')).trimEnd().split('\n');
      expect(lines.map((line, index) => line.slice(0, printed[index]?.length))).to.deep.equal(printed);
    } finally {
      project.remove();
    }
  }).timeout(300_000);
});
