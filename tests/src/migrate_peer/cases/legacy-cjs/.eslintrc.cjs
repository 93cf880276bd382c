const path = require('path');

const schemaRules = {
  '@graphql-eslint/require-description': ['error', { ObjectTypeDefinition: true, DirectiveDefinition: true }],
  '@graphql-eslint/no-typename-prefix': 'error',
  '@graphql-eslint/alphabetize': [
    'error',
    { fields: ['ObjectTypeDefinition', 'InputObjectTypeDefinition'], values: ['EnumTypeDefinition'], arguments: ['FieldDefinition'] },
  ],
};

module.exports = {
  root: true,
  ignorePatterns: ['!.*', 'dist', 'generated/'],
  overrides: [
    { files: ['*.js'], processor: '@graphql-eslint/graphql', extends: ['eslint:recommended'] },
    {
      files: ['*.graphql'],
      parser: '@graphql-eslint/eslint-plugin',
      plugins: ['@graphql-eslint'],
      parserOptions: { schema: 'schema.graphql', operations: 'src/**/*.graphql', skipGraphQLConfig: true },
      rules: {
        ...schemaRules,
        '@graphql-eslint/lone-executable-definition': 'warn',
        '@graphql-eslint/match-document-filename': ['error', { query: 'kebab-case', mutation: 'kebab-case' }],
        '@graphql-eslint/unique-fragment-name': 'error',
        '@graphql-eslint/no-unused-fragments': 'warn',
      },
    },
  ],
};
