import plugin from '@graphql-eslint/eslint-plugin';

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: { parser: plugin.parser },
    plugins: { '@graphql-eslint': plugin },
    rules: {
      '@graphql-eslint/alphabetize': ['warn', {
        definitions: true,
        selections: ['FragmentDefinition', 'OperationDefinition'],
        variables: true,
        arguments: ['Field', 'FieldDefinition'],
        fields: ['ObjectTypeDefinition'],
        values: true,
        groups: ['id', '*'],
      }],
      '@graphql-eslint/match-document-filename': ['error', {
        fileExtension: '.graphql',
        query: { style: 'kebab-case' },
        mutation: 'snake_case',
        fragment: { style: 'camelCase', suffix: '.fragment' },
      }],
      '@graphql-eslint/require-description': ['error', {
        types: true,
        rootField: true,
        FieldDefinition: true,
        OperationDefinition: true,
        ignoredSelectors: [
          '[type=ObjectTypeDefinition][name.value=PageInfo]',
          '[type=ObjectTypeDefinition][name.value=/(Connection|Edge)$/]',
        ],
      }],
      '@graphql-eslint/no-unused-fields': ['warn', {
        ignoredFieldSelectors: [
          '[parent.name.value=PageInfo][name.value=/(endCursor|startCursor|hasNextPage|hasPreviousPage)/]',
          '[parent.name.value=/Edge$/][name.value=cursor]',
        ],
      }],
      '@graphql-eslint/known-directives': ['error', { ignoreClientDirectives: ['client'] }],
      '@graphql-eslint/description-style': ['error', { style: 'inline' }],
      '@graphql-eslint/no-root-type': ['error', { disallow: ['mutation'] }],
      '@graphql-eslint/strict-id-in-types': ['error', {
        acceptedIdNames: ['id', 'login'],
        acceptedIdTypes: ['ID', 'String'],
        exceptions: { types: ['PageInfo'], suffixes: ['Connection', 'Edge'] },
      }],
      '@graphql-eslint/input-name': ['error', { checkInputType: true, caseSensitiveInputType: false, checkQueries: true }],
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: false, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
      '@graphql-eslint/require-deprecation-date': ['warn', { argumentName: 'until' }],
      '@graphql-eslint/naming-convention': ['error', {
        types: 'PascalCase',
        FieldDefinition: { style: 'camelCase', ignorePattern: '^old_' },
        'FieldDefinition[parent.name.value=Query]': { forbiddenPrefixes: ['get'], forbiddenSuffixes: ['Query'] },
        'EnumTypeDefinition,EnumTypeExtension': { forbiddenSuffixes: ['Enum'] },
        EnumValueDefinition: 'UPPER_CASE',
        InputValueDefinition: { style: 'camelCase' },
        ScalarTypeDefinition: { style: 'PascalCase', prefix: 'X' },
      }],
    },
  },
];
