import type { Linter } from 'eslint';
import { defineConfig, globalIgnores } from 'eslint/config';
import graphqlESLint from '@graphql-eslint/eslint-plugin';

type Files = readonly string[];

const documents = ['src/**/*.graphql', `packages/**/*.graphql`] as const satisfies Files;
const strict: Linter.RulesRecord = {
  '@graphql-eslint/no-anonymous-operations': 'error',
  '@graphql-eslint/naming-convention': [
    'error',
    {
      OperationDefinition: { style: 'PascalCase', forbiddenPatterns: [/^get/i, /query$/i] },
      'OperationDefinition[operation=mutation]': { requiredPattern: /^(Create|Update|Delete)/ },
      FragmentDefinition: { style: 'PascalCase', requiredSuffixes: ['Fields', 'Fragment'] },
      VariableDefinition: 'camelCase',
    },
  ],
};

export default defineConfig(
  globalIgnores(['**/generated/**']),
  {
    files: [...documents],
    plugins: { '@graphql-eslint': graphqlESLint as any },
    extends: [graphqlESLint.configs['flat/operations-recommended'] as Linter.Config],
    languageOptions: {
      parser: graphqlESLint.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql', documents: [...documents] } },
    },
    rules: {
      ...strict,
      '@graphql-eslint/require-selections': ['warn', { fieldName: ['id', 'userName'] }],
    },
  },
);
