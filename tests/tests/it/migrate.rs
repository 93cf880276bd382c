//! `graphwright migrate eslint`, as a team uses it. `cargo xtask migrate-peer` compares the settings with ESLint itself.

use crate::support::{Project, Ran};
use graphwright_tests::hostile;
use insta::assert_snapshot;

fn project(files: &[(&str, &str)]) -> Project {
    let project = Project { folder: tempfile::tempdir().unwrap() };
    project.write("schema.graphql", "type Query {\n  me: User\n}\n\ntype User {\n  id: ID!\n  name: String\n}\n");
    project.write("src/me.graphql", "query Me {\n  me {\n    name\n  }\n}\n");
    for (name, text) in files {
        project.write(name, text);
    }
    project
}

fn migrate(project: &Project, arguments: &[&str]) -> Ran {
    project.run(&[&["migrate", "eslint"], arguments].concat())
}

const FLAT: &str = "import graphql from '@graphql-eslint/eslint-plugin';

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './schema.graphql', documents: 'src/**/*.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...graphql.configs['flat/operations-recommended'].rules,
      '@graphql-eslint/require-selections': ['warn', { fieldName: ['id'] }],
      '@graphql-eslint/naming-convention': 'off',
    },
  },
];
";

const SMALL: &str = r#"{ "root": true, "overrides": [{ "files": ["*.graphql"], "rules": { "@graphql-eslint/no-anonymous-operations": "error" } }] }"#;

#[test]
fn a_flat_configuration_becomes_a_new_file() {
    let project = project(&[("eslint.config.mjs", FLAT)]);
    let ran = migrate(&project, &[]);
    assert_snapshot!(ran.shown(&[]), @r##"
    exit 0
    wrote graphql.config.toml from eslint.config.mjs: 16 rules and 0 overrides
    "##);
    assert_snapshot!(project.read("graphql.config.toml"), @r##"
    # Read by graphwright, and by editors with GraphQL support. Paths are relative to this file.
    schema = "schema.graphql"
    documents = "src/**/*.graphql"

    [extensions.graphwright.lint]
    extends = ["none"]

    [extensions.graphwright.lint.rules]
    known-argument-names = { level = "error", schema = true }
    known-directives = { level = "error", schema = true }
    known-type-names = { level = "error", schema = true }
    naming-convention = "off"
    no-anonymous-operations = "error"
    no-deprecated = "error"
    no-duplicate-fields = "error"
    no-unused-fragments = "error"
    no-unused-variables = "error"
    provided-required-arguments = { level = "error", schema = true }
    require-selections = { level = "warn", fields = ["id"] }
    selection-set-depth = { level = "error", max = 7 }
    unique-directives-per-location = { level = "error", schema = true }
    unique-fragment-name = "error"
    unique-operation-name = "error"
    unused-suppression = "warn"
    "##);
    let ran = project.run(&["lint", "--format", "compact"]);
    assert_eq!(ran.stdout, "src/me.graphql:2:6: warning[require-selections]: the selection of `User` lacks `id`\n");
}

#[test]
fn what_a_program_knows_is_listed_with_its_place() {
    let project = project(&[(
        "eslint.config.mjs",
        "import plugin from '@graphql-eslint/eslint-plugin'
import company from './company.mjs'
const rules = { '@graphql-eslint/no-deprecated': process.env.CI ? 'error' : 'warn' }
rules['@graphql-eslint/x'] = 'error'
export default [
  company.base,
  make(plugin),
  ...[1, 2].map(n => ({})),
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': plugin },
    rules: {
      ...rules,
      ...unknown,
      [`@graphql-eslint/${name}`]: 'error',
      '@graphql-eslint/selection-set-depth': ['error', { maxDepth: DEPTH }],
      '@graphql-eslint/made-up': 'error',
      '@graphql-eslint/alphabetize': ['error', { variables: true, other: 1 }],
      '@graphql-eslint/no-anonymous-operations': 3,
      '@graphql-eslint/naming-convention': ['error', { VariableDefinition: { forbiddenPatterns: [/(?=a)b/] } }],
    },
  },
]
",
    )]);
    let ran = migrate(&project, &["--diff"]);
    assert_eq!(ran.code, 1);
    assert_snapshot!(ran.stderr, @r#"
    would write graphql.config.toml from eslint.config.mjs: 3 rules and 0 overrides; 9 not read (set these by hand), 3 without a counterpart, 1 different here, 2 to fill in

    not read (set these by hand):
      eslint.config.mjs:3:50: rule `no-deprecated`: a conditional is not evaluated
      eslint.config.mjs:4:1: this statement may change the configuration
      eslint.config.mjs:6:3: configuration: `company.base` comes from `./company.mjs`
      eslint.config.mjs:7:3: configuration: the result of `make()` is unknown
      eslint.config.mjs:8:6: configuration: a chain of calls is not evaluated
      eslint.config.mjs:14:10: rules: `unknown` is not a constant of this file
      eslint.config.mjs:15:7: rules: a computed name is not evaluated
      eslint.config.mjs:16:68: rule `selection-set-depth`: `DEPTH` is not a constant of this file
      eslint.config.mjs:19:50: rule `no-anonymous-operations`: expected a level ("off", "warn", "error", 0, 1 or 2), or a list of a level and options

    without a counterpart:
      eslint.config.mjs:17:7: rule `made-up`: graphwright has no such rule
      eslint.config.mjs:18:67: `alphabetize`, option `other`: graphwright's rule has no such option
      eslint.config.mjs:20:97: `naming-convention`, option `VariableDefinition.forbiddenPatterns`: this regular expression uses unsupported look-around, back references or flags

    different here:
      eslint.config.mjs:9:3: rules of the specification that always run (`graphwright rule validity`) and that ESLint did not: executable-definitions, fields-on-correct-type, fragments-on-composite-types, known-argument-names, known-directives and 19 more

    to fill in:
      eslint.config.mjs:1:1: `schema` is not in the ESLint configuration: add it to the new one
      eslint.config.mjs:1:1: `documents` is not in the ESLint configuration: add it to the new one
    "#);
    assert!(!project.path("graphql.config.toml").exists());
}

#[test]
fn later_blocks_are_overrides_whose_options_replace_those_before() {
    let project = project(&[
        (
            "eslint.config.js",
            "const plugin = require('@graphql-eslint/eslint-plugin')
module.exports = [
  { ignores: ['src/generated/**', 'dist/'] },
  {
    files: ['**/*.graphql'],
    plugins: { gql: plugin },
    rules: {
      'gql/naming-convention': [2, { VariableDefinition: 'camelCase', allowLeadingUnderscore: true }],
      'gql/selection-set-depth': [2, { maxDepth: 3, ignore: ['edges'] }],
      'gql/match-document-filename': [2, { query: 'kebab-case', mutation: 'kebab-case' }],
    },
  },
  {
    files: ['src/*.graphql'],
    ignores: ['src/me.graphql'],
    rules: {
      'gql/naming-convention': ['warn', { OperationDefinition: 'PascalCase' }],
      'gql/selection-set-depth': 'warn',
      'gql/match-document-filename': [2, { query: 'camelCase' }],
    },
  },
]
",
        ),
        ("src/generated/a.graphql", "query A { me { id } }\n"),
    ]);
    let ran = migrate(&project, &[]);
    assert_snapshot!(ran.shown(&[]), @r"
    exit 0
    wrote graphql.config.toml from eslint.config.js: 4 rules and 3 overrides; 4 different here, 2 to fill in

    different here:
      eslint.config.js:3:15: `src/generated/**`: rules of the specification still run on these files; `exclude` removes them from the project
      eslint.config.js:4:3: rules of the specification that always run (`graphwright rule validity`) and that ESLint did not: executable-definitions, fields-on-correct-type, fragments-on-composite-types, known-argument-names, known-directives and 19 more
      eslint.config.js:6:16: `gql/…`: comments that disable rules must name them without this prefix, or with `@graphql-eslint/`
      eslint.config.js:13:3: `match-document-filename`: options of an override are added to those before it, so these stay: mutation

    to fill in:
      eslint.config.js:1:1: `schema` is not in the ESLint configuration: add it to the new one
      eslint.config.js:1:1: `documents` is not in the ESLint configuration: add it to the new one
    ");
    assert_snapshot!(project.read("graphql.config.toml"), @r##"
    # Read by graphwright, and by editors with GraphQL support. Paths are relative to this file.
    # schema = "…"
    # documents = "…"

    [extensions.graphwright.lint]
    extends = ["none"]

    [extensions.graphwright.lint.rules]
    match-document-filename = { level = "error", mutation = "kebab-case", query = "kebab-case" }
    naming-convention = { level = "error", allow_leading_underscore = true, variables = "camelCase" }
    selection-set-depth = { level = "error", ignore = ["edges"], max = 3 }
    unused-suppression = "warn"

    [[extensions.graphwright.lint.overrides]]
    files = ["src/*.graphql"]

    [extensions.graphwright.lint.overrides.rules]
    match-document-filename = { level = "error", query = "camelCase" }
    selection-set-depth = "warn"

    [extensions.graphwright.lint.overrides.rules.naming-convention]
    level = "warn"
    allow_leading_underscore = false
    operations = "PascalCase"
    variables = {}

    [[extensions.graphwright.lint.overrides]]
    files = ["src/me.graphql"]

    [extensions.graphwright.lint.overrides.rules]
    match-document-filename = { level = "error", mutation = "kebab-case", query = "kebab-case" }
    selection-set-depth = { level = "error", ignore = ["edges"], max = 3 }

    [extensions.graphwright.lint.overrides.rules.naming-convention]
    level = "error"
    allow_leading_underscore = true
    operations = {}
    variables = "camelCase"

    [[extensions.graphwright.lint.overrides]]
    files = ["src/generated/**"]

    [extensions.graphwright.lint.overrides.rules]
    match-document-filename = "off"
    naming-convention = "off"
    selection-set-depth = "off"
    unused-suppression = "off"
    "##);
}

#[test]
fn syntax_errors_have_their_place() {
    let shown = |name: &str, text: &str| {
        let ran = migrate(&project(&[(name, text)]), &[]);
        format!("{}\n", ran.shown(&[]))
    };
    let all = [
        shown(".eslintrc.json", "{\n  \"rules\": {\n    \"a\": 1\n    \"b\": 2\n  }\n}\n"),
        shown(".eslintrc.yml", "rules:\n  a: [1\n  b: 2\n"),
        shown("eslint.config.mjs", "export default [\n  { files: ['a] }\n]\n"),
        shown("eslint.config.ts", "export default [\n  { rules: { a: 1 }\n]\n"),
        shown(".eslintrc", "{ // c\n  \"rules\": }\n"),
    ];
    assert_snapshot!(all.concat(), @r#"
    exit 2
    error[syntax]: expected `,` or `}`, found a string
     --> .eslintrc.json:4:5
      |
    4 |     "b": 2
      |     ^^^

    1 error

    exit 2
    error[syntax]: illegal placement of ':' indicator
     --> .eslintrc.yml:3:4
      |
    3 |   b: 2
      |    ^

    1 error

    exit 2
    error[syntax]: unterminated string
     --> eslint.config.mjs:2:13
      |
    2 |   { files: ['a] }
      |             ^

    1 error

    exit 2
    error[syntax]: expected `,` or `}`, found `]`
     --> eslint.config.ts:3:1
      |
    3 | ]
      | ^

    1 error

    exit 2
    error[syntax]: expected a value, found `}`
     --> .eslintrc:2:12
      |
    2 |   "rules": }
      |            ^

    1 error
    "#);
}

#[test]
fn without_graphql_eslint_there_is_nothing_to_take_over() {
    let shown = |files: &[(&str, &str)]| migrate(&project(files), &[]).shown(&[]);
    assert_snapshot!(shown(&[]), @r"
    exit 2
    error: no ESLint configuration in this folder or above it
    ");
    assert_snapshot!(shown(&[("package.json", "{ \"name\": \"a\" }")]), @r"
    exit 2
    error: no ESLint configuration in this folder or above it
    ");
    let config = "import base from '@company/eslint'\nexport default [base, { rules: { 'no-console': 'error' } }]\n";
    assert_snapshot!(shown(&[("eslint.config.mjs", config)]), @r"
    exit 2
    not read (set these by hand):
      eslint.config.mjs:2:17: configuration: `base` comes from `@company/eslint`

    error: eslint.config.mjs does not use graphql-eslint; nothing to migrate
    ");
}

#[test]
fn settings_of_the_linter_are_replaced_only_with_force() {
    let before = "# Ours.\nschema = \"schema.graphql\" # one\ndocuments = \"src/**/*.graphql\"\n\n[extensions.graphwright.lint]\n\
                  baseline = \"known.json\" # kept\nextends = [\"recommended\"]\n\n[extensions.graphwright.lint.rules]\n\
                  no-deprecated = \"off\"\n\n[extensions.other]\na = 1 # two\n";
    let project = project(&[(".eslintrc.json", SMALL), ("graphql.config.toml", before)]);
    let ran = migrate(&project, &[]);
    assert_snapshot!(ran.shown(&[]), @r"
    exit 2
    error: graphql.config.toml already has lint settings; --force replaces its `extends`, `rules` and `overrides`
    ");
    assert_eq!(project.read("graphql.config.toml"), before);
    assert_eq!(migrate(&project, &["--force"]).code, 0);
    let after = project.read("graphql.config.toml");
    assert_snapshot!(after, @r##"
    # Ours.
    schema = "schema.graphql" # one
    documents = "src/**/*.graphql"

    [extensions.graphwright.lint]
    baseline = "known.json" # kept
    extends = ["none"]

    [extensions.graphwright.lint.rules]
    no-anonymous-operations = "error"

    [extensions.other]
    a = 1 # two
    "##);
    assert_eq!(migrate(&project, &["--force", "--diff"]).code, 0, "a second run changes nothing");
}

#[test]
fn yaml_and_json_keep_what_they_say() {
    let yaml = "# a\nschema: schema.graphql\nextensions:\n  # b\n  graphwright:\n    generate: { output: out } # c\n\n# d\ndocuments: src/*.graphql\n";
    let project = project(&[(".eslintrc.json", SMALL), (".graphqlrc.yml", yaml)]);
    assert_eq!(migrate(&project, &[]).code, 0);
    assert_snapshot!(project.read(".graphqlrc.yml"), @r##"
    # a
    schema: schema.graphql
    extensions:
      # b
      graphwright:
        generate: { output: out } # c
        lint:
          extends:
          - none
          rules:
            no-anonymous-operations: error

    # d
    documents: src/*.graphql
    "##);
    assert_eq!(migrate(&project, &["--force", "--diff"]).code, 0, "a second run changes nothing");

    let json = "{\r\n    \"schema\": \"schema.graphql\",\r\n    \"documents\": [\"src/*.graphql\"]\r\n}\r\n";
    let project = self::project(&[(".eslintrc.json", SMALL), (".graphqlrc.json", json)]);
    assert_eq!(migrate(&project, &[]).code, 0);
    let after = project.read(".graphqlrc.json");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    assert_snapshot!(after.replace("\r\n", "\n"), @r##"
    {
        "schema": "schema.graphql",
        "documents": ["src/*.graphql"],
        "extensions": {
            "graphwright": {
                "lint": {
                    "extends": [
                        "none"
                    ],
                    "rules": {
                        "no-anonymous-operations": "error"
                    }
                }
            }
        }
    }
    "##);
    assert_eq!(migrate(&project, &["--force", "--diff"]).code, 0, "a second run changes nothing");
}

#[test]
fn projects_of_a_configuration_are_written_one_by_one() {
    let config = "[projects.a]\nschema = \"schema.graphql\"\ndocuments = \"src/*.graphql\"\n\n[projects.b]\nschema = \"b.graphql\"\n";
    let project = project(&[(".eslintrc.json", SMALL), ("graphql.config.toml", config)]);
    assert_snapshot!(migrate(&project, &[]).shown(&[]), @r##"
    exit 2
    error[config]: the configuration has several projects
     --> graphql.config.toml:1:1
      |
    1 | [projects.a]
      | ^
      |
      = help: choose one with `--project`: a, b

    1 error
    "##);
    assert_eq!(migrate(&project, &["--project", "b"]).code, 0);
    assert_snapshot!(project.read("graphql.config.toml"), @r##"
    [projects.a]
    schema = "schema.graphql"
    documents = "src/*.graphql"

    [projects.b]
    schema = "b.graphql"

    [projects.b.extensions.graphwright.lint]
    extends = ["none"]

    [projects.b.extensions.graphwright.lint.rules]
    no-anonymous-operations = "error"
    "##);
}

#[test]
fn patterns_of_a_package_begin_at_the_configuration_that_is_written() {
    let config = "schema = \"schema.graphql\"\ndocuments = \"packages/**/*.graphql\"\n";
    let project = project(&[
        (
            "packages/web/.eslintrc.yaml",
            "root: true\noverrides:\n- files: ['*.graphql']\n  excludedFiles: x/*.graphql\n  rules: {'@graphql-eslint/no-deprecated': warn}\n",
        ),
        ("graphql.config.toml", config),
        ("packages/web/x/a.graphql", "query A { me { id } }"),
    ]);
    let ran = migrate(&project, &["packages/web"]);
    assert_snapshot!(ran.shown(&[]), @r##"
    exit 0
    wrote graphql.config.toml from packages/web/.eslintrc.yaml: 0 rules and 2 overrides; 1 different here

    different here:
      packages/web/.eslintrc.yaml:3:3: rules of the specification that always run (`graphwright rule validity`) and that ESLint did not: executable-definitions, fields-on-correct-type, fragments-on-composite-types, known-argument-names, known-directives and 19 more
    "##);
    assert_snapshot!(project.read("graphql.config.toml"), @r##"
    schema = "schema.graphql"
    documents = "packages/**/*.graphql"

    [extensions.graphwright.lint]
    extends = ["none"]

    [[extensions.graphwright.lint.overrides]]
    files = ["packages/web/**/*"]

    [extensions.graphwright.lint.overrides.rules]
    no-deprecated = "warn"

    [[extensions.graphwright.lint.overrides]]
    files = ["packages/web/x/*.graphql"]

    [extensions.graphwright.lint.overrides.rules]
    no-deprecated = "off"
    "##);
    let ran = migrate(&project, &["packages/web", "--config", "packages/web/x/graphql.config.toml"]);
    assert_snapshot!(ran.shown(&[]), @r##"
    exit 2
    error: packages/web/x/graphql.config.toml is not in the folder of the ESLint configuration or above it: its patterns cannot match the same files
    "##);
}

#[test]
fn line_endings_and_byte_order_marks_change_no_place() {
    let flat = FLAT.replace("'off'", "OFF").replace('\n', "\r\n");
    let project = project(&[("eslint.config.mjs", &format!("\u{feff}{flat}"))]);
    let ran = migrate(&project, &["--diff"]);
    assert!(ran.stderr.contains("eslint.config.mjs:14:44: rule `naming-convention`: `OFF` is not"), "{}", ran.stderr);
    let yaml = "\u{feff}overrides:\r\n- files: ['*.graphql']\r\n  rules: {'@graphql-eslint/é': warn, '@graphql-eslint/b': 2}\r\n";
    let project = self::project(&[(".eslintrc.yaml", yaml)]);
    let ran = migrate(&project, &["--diff"]);
    assert!(ran.stderr.contains(".eslintrc.yaml:3:11: rule `é`"), "{}", ran.stderr);
    assert!(ran.stderr.contains(".eslintrc.yaml:3:38: rule `b`"), "{}", ran.stderr);
}

#[test]
fn texts_that_are_made_to_hurt_end_with_an_error() {
    let deep = |open: &str, close: &str| format!("export default {}{}", open.repeat(200_000), close.repeat(200_000));
    for (name, text) in [
        ("eslint.config.mjs", deep("[", "]")),
        ("eslint.config.mjs", deep("(", ")")),
        ("eslint.config.mjs", deep("{a:", "}")),
        ("eslint.config.mjs", deep("!", "")),
        ("eslint.config.mjs", deep("`${", "}`")),
        ("eslint.config.mjs", deep("a(", ")")),
        ("eslint.config.mjs", deep("x ? ", "")),
        (".eslintrc.json", "[".repeat(300_000)),
        (".eslintrc.yml", "[".repeat(20_000)),
        (".eslintrc.yml", "- ".repeat(20_000)),
        (".eslintrc.yml", "a: {".repeat(20_000)),
    ] {
        hostile::eslint_text(name, &text).unwrap();
    }
    // Tables that contain others twice grow without end.
    let mut text =
        String::from("import plugin from '@graphql-eslint/eslint-plugin'\nconst a0 = { x: plugin.configs }\n");
    for number in 1..40 {
        text += &format!("const a{number} = {{ ...a{0}, ...a{0}, y: [a{0}, ...a{0}] }}\n", number - 1);
    }
    text += "export default [a39, [a39, a39], { rules: a39, files: a39.y, extends: [a39] }]\n";
    hostile::eslint_text("eslint.config.mjs", &text).unwrap();
}

#[test]
fn mutations_of_configurations_are_read_or_refused() {
    let cases = graphwright_tests::migrate_peer::configurations().unwrap();
    assert!(cases.len() > 12, "{}", cases.len());
    for (name, text) in cases {
        hostile::eslint_text(&name, &text).unwrap();
        for number in 0..6 {
            hostile::eslint_text(&name, &crate::hostile::mutated(&text, number)).unwrap();
        }
    }
}
