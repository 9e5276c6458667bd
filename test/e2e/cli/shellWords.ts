import { execFileSync } from 'node:child_process';

/** The words of a command line, as a shell splits them. */
export const shellWords = (text: string): readonly string[] =>
  execFileSync('bash', ['-c', `printf '%s\\n' ${text}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
