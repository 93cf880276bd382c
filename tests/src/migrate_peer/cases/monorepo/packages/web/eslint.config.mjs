import plugin from '@graphql-eslint/eslint-plugin';

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: plugin.parser,
      parserOptions: { graphQLConfig: { schema: '../../schema.graphql', documents: 'src/**/*.graphql' } },
    },
    plugins: { '@graphql-eslint': plugin },
    rules: plugin.configs['flat/operations-recommended'].rules,
  },
];
