'use strict';

const { parser, configs, ...rest } = require('@graphql-eslint/eslint-plugin');
const plugin = require('@graphql-eslint/eslint-plugin');

/** @type {import('eslint').Linter.Config[]} */
module.exports = [
  { ignores: ['src/generated/', 'dist/**', '**/node_modules/**'] },
  {
    files: ['**/*.graphql'],
    ignores: ['**/web/**', 'schema.graphql'],
    languageOptions: {
      parser: plugin.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql', documents: 'src/**/*.graphql' } },
    },
    plugins: { gql: plugin },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: {
      'gql/no-deprecated': 1,
      'gql/no-anonymous-operations': 2,
      'gql/lone-executable-definition': [2, { ignore: ['fragment'] }],
      'gql/no-unused-variables': [2],
      'gql/no-duplicate-fields': 0,
      'gql/unique-operation-name': 'warn',
    },
  },
];
