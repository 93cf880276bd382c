import { FlatCompat } from '@eslint/eslintrc';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import plugin from '@graphql-eslint/eslint-plugin';

const here = dirname(fileURLToPath(import.meta.url));
const compat = new FlatCompat({ baseDirectory: here });

const config = [
  ...compat.config({
    overrides: [
      {
        files: ['*.graphql'],
        excludedFiles: ['**/generated/*.graphql'],
        parser: '@graphql-eslint/eslint-plugin',
        plugins: ['@graphql-eslint'],
        parserOptions: { graphQLConfig: { schema: 'schema.graphql', documents: 'src/**/*.graphql' } },
        rules: { '@graphql-eslint/no-deprecated': 'error', '@graphql-eslint/no-one-place-fragments': 'warn' },
      },
    ],
  }),
];

export default config;
