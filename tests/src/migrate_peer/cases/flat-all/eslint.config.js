import graphql from '@graphql-eslint/eslint-plugin'

const parser = {
  parser: graphql.parser,
  parserOptions: { graphQLConfig: { schema: 'schema.graphql', documents: '{src,packages}/**/*.graphql' } }
}

export default [
  { files: ['**/*.graphql'], languageOptions: parser, plugins: { '@graphql-eslint': graphql } },
  {
    name: 'operations',
    files: ['src/**/*.graphql', 'packages/*/src/*.graphql'],
    rules: { ...graphql.configs['flat/operations-all'].rules, '@graphql-eslint/require-import-fragment': 0 }
  },
  {
    name: 'schema',
    files: ['schema.graphql'],
    rules: {
      ...graphql.configs['flat/schema-all'].rules,
      ...graphql.configs['flat/schema-relay'].rules
    }
  },
]
