// What ESLint does with some files: the rules of graphql-eslint that hold for each, and what they find.
// Arguments: the system of configuration (flat or legacy), and the files. Packages are looked up from the script.
process.env.ESLINT_USE_FLAT_CONFIG = String(process.argv[2] === 'flat');
const { ESLint } = require('eslint');
const flat = process.argv[2] === 'flat';
const LEVELS = { 0: 'off', 1: 'warn', 2: 'error', off: 'off', warn: 'warn', error: 'error' };

async function main() {
  const eslint = new ESLint({ cwd: process.cwd() });
  const output = {};
  for (const file of process.argv.slice(3)) {
    const answer = { ignored: await eslint.isPathIgnored(file), rules: {}, findings: [], exception: null };
    output[file] = answer;
    if (answer.ignored) continue;
    const config = await eslint.calculateConfigForFile(file);
    for (const [name, setting] of Object.entries(config?.rules ?? {})) {
      const level = LEVELS[Array.isArray(setting) ? setting[0] : setting];
      if (/(^@graphql-eslint|^gql)\//.test(name) && level !== 'off') answer.rules[name.replace(/^.*\//, '')] = level;
    }
    try {
      for (const { messages } of await eslint.lintFiles([file])) {
        for (const { ruleId, line, severity, message, fatal } of messages) {
          if (fatal) answer.exception = message;
          else if (ruleId === null && !message.startsWith('Unused eslint-disable')) answer.exception ??= null;
          else {
            const rule = ruleId === null ? 'unused-suppression' : ruleId.replace(/^.*\//, '');
            answer.findings.push({ line, rule, level: LEVELS[severity], message });
          }
        }
      }
    } catch (error) {
      answer.exception = error.message.split('\n')[0];
    }
  }
  process.stdout.write(JSON.stringify(output));
}
main().catch(error => { console.error(error); process.exit(1); });
