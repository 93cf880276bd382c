// Lints files with graphql-eslint, and goes on where one of its rules ends with an exception.
// Arguments: kind of the files (operations or schema), the files of the schema as JSON, a glob of documents or nothing, and
// the files to lint.
import { Linter } from 'eslint';
import plugin from '@graphql-eslint/eslint-plugin';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const [kind, schemas, documents, ...files] = process.argv.slice(2);
const schema = JSON.parse(schemas);
const PREFIX = '@graphql-eslint/';
const rules = kind === 'schema'
  ? {
      ...plugin.configs['flat/schema-all'].rules,
      ...plugin.configs['flat/schema-relay'].rules,
      ...(documents === '' ? {} : { [PREFIX + 'no-unused-fields']: 'error' }),
    }
  : { ...plugin.configs['flat/operations-all'].rules, [PREFIX + 'known-fragment-names']: 'error' };
const graphQLConfig = documents === '' ? { schema } : { schema, documents };
const configuration = rules => [{
  files: ['**/*.graphql'],
  languageOptions: { parser: plugin.parser, parserOptions: { graphQLConfig } },
  plugins: { '@graphql-eslint': plugin },
  rules,
}];
const linter = new Linter({ configType: 'flat' });
const findings = [], exceptions = [];
const lint = (filename, chosen) => {
  const text = readFileSync(filename, 'utf8');
  for (const { fatal, ruleId, line, message } of linter.verify(text, configuration(chosen), { filename: resolve(filename) })) {
    if (fatal) exceptions.push({ file: filename, rule: '', message });
    else if (ruleId) findings.push({ file: filename, line, rule: ruleId.slice(PREFIX.length), message });
  }
};
for (const file of files) {
  const before = findings.length;
  try {
    lint(file, rules);
  } catch {
    findings.length = before;
    for (const [name, setting] of Object.entries(rules)) {
      try {
        lint(file, { [name]: setting });
      } catch (error) {
        exceptions.push({ file, rule: name.slice(PREFIX.length), message: error.message.split('\n')[0] });
      }
    }
  }
}
const names = Object.keys(rules).map(name => name.slice(PREFIX.length));
process.stdout.write(JSON.stringify({ rules: names, findings, exceptions }));
