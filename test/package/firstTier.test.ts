import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

describe('npm test', () => {
  it('runs every test file once: the folders of long tests first, then the other folders, then the files outside of folders', () => {
    const [, ...patterns] = [...(scripts['test'] ?? '').matchAll(/"(test\/[^"]+)"/g)].map(
      ([, pattern]) => pattern ?? '',
    );
    const folders = /^test\/\{([\w,]+)\}/.exec(patterns[0] ?? '')?.[1]?.split(',') ?? [];
    expect(folders.filter((folder) => !existsSync(`test/${folder}`))).to.deep.equal([]);
    expect(folders).to.have.lengthOf(new Set(folders).size).above(1);
    expect(patterns).to.deep.equal([
      `test/{${folders.join(',')}}/**/*.test.ts`,
      `test/!(${folders.join('|')})/**/*.test.ts`,
      'test/*.test.ts',
    ]);
  });
});
