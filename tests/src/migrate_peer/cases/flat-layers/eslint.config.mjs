import * as plugin from '@graphql-eslint/eslint-plugin';
import globals from 'globals';

export default [
  { languageOptions: { globals: { ...globals.browser } }, linterOptions: { reportUnusedDisableDirectives: true } },
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: plugin.default.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql', documents: ['src/**/*.graphql', 'packages/**/*.graphql'] } },
    },
    plugins: { '@graphql-eslint': plugin.default },
    rules: {
      '@graphql-eslint/selection-set-depth': ['error', { maxDepth: 3, ignore: ['manager'] }],
      '@graphql-eslint/naming-convention': ['error', { VariableDefinition: 'camelCase', allowLeadingUnderscore: true, FragmentDefinition: 'PascalCase' }],
      '@graphql-eslint/require-selections': ['error', { fieldName: ['id', 'login'], requireAllFields: true }],
      '@graphql-eslint/no-deprecated': 'error',
      '@graphql-eslint/known-directives': ['error', { ignoreClientDirectives: ['client'] }],
    },
  },
  {
    files: ['src/queries/*.graphql'],
    rules: {
      // The level alone: options stay.
      '@graphql-eslint/selection-set-depth': 'warn',
      '@graphql-eslint/known-directives': 'error',
      // Options are replaced as a whole.
      '@graphql-eslint/naming-convention': ['warn', { OperationDefinition: 'camelCase' }],
      '@graphql-eslint/require-selections': ['warn', { fieldName: 'userName' }],
    },
  },
  {
    files: ['packages/**/*.graphql'],
    rules: {
      '@graphql-eslint/selection-set-depth': ['error', { maxDepth: 1 }],
      '@graphql-eslint/no-deprecated': 'off',
      '@graphql-eslint/naming-convention': ['error', { types: 'PascalCase' }],
    },
  },
  { files: ['src/fragments/*.graphql'], rules: { '@graphql-eslint/naming-convention': 1 } },
  { rules: { '@graphql-eslint/no-anonymous-operations': 'warn' } },
];
