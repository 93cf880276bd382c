import { defineConfig } from 'eslint/config';
import graphql from '@graphql-eslint/eslint-plugin';

const shared = {
  plugins: { '@graphql-eslint': graphql },
  languageOptions: {
    parser: graphql.parser,
    parserOptions: { graphQLConfig: { schema: './schema.graphql', documents: './src/**/*.graphql' } },
  },
};

export default defineConfig([
  { ...shared, files: ['**/*.graphql'], extends: ['@graphql-eslint/schema-recommended', graphql.configs['flat/schema-relay']] },
]);
