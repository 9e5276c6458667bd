import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const pure = [
  './src/target',
  './src/execution',
  './src/decider.ts',
  './src/routing/conditionIndex.ts',
  './src/routing/resolve.ts',
];

/** Who may import what, as one list: a folder, and the only places of src it may import from. */
const directions = [
  {
    target: ['./src/target', './src/execution'],
    from: ['./src/decider.ts', './src/errors.ts', './src/ports.ts'],
  },
];

const fence = (target, allowed, message) => ({
  target,
  from: './src',
  except: [...allowed, ...[target].flat()].map((path) => path.replace('./src/', './')),
  message,
});

const base = ['./src/errors.ts', './src/ports.ts'];

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'test/output'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: [] }, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    rules: {
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'No enum: use a union of literals.' },
      ],
      'import-x/no-cycle': 'error',
    },
    settings: {
      'import-x/resolver-next': [],
    },
  },
);
