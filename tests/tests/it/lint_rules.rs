//! The examples on the rule pages are right: each bad example has a finding of its rule, each good one has none.

use graphwright_cli::formatter;
use graphwright_cli::lint::cases::Case;
use graphwright_cli::lint::rule::{Category, Entry, Fixable};
use graphwright_cli::lint::settings::{Choice, Profiles, Settings};
use graphwright_cli::lint::{Fixes, Project, Targets, fix, is_violation, lint, rules};
use graphwright_codegen::diagnostic::Diagnostics;
use graphwright_tests::invented_texts;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Returns the texts of an example.
fn project(case: &Case<'_>) -> Project {
    let mut project = Project::default();
    let schema = case.schema.unwrap_or(rules::EXAMPLE_SCHEMA);
    project.schema.push(project.sources.add("schema.graphql", schema));
    for (name, text) in &case.files {
        project.add(*name, *text);
    }
    project
}

fn settings(entry: &Entry, case: &Case<'_>) -> Settings {
    let rule = match entry.meta.category {
        // They are always on, and have no other level; options they may have.
        Category::Validity if case.options.is_empty() => String::new(),
        Category::Validity => format!("[rules.{}]\n{}", entry.meta.name, case.options),
        _ => format!("[rules.{}]\nlevel = \"warn\"\n{}", entry.meta.name, case.options),
    };
    let others = if entry.meta.category == Category::Meta { "no-deprecated = \"warn\"\n" } else { "" };
    toml::from_str(&format!("extends = [\"none\"]\n[rules]\n{others}{rule}")).unwrap()
}

fn found(entry: &Entry, case: &Case<'_>) -> Diagnostics {
    let settings = settings(entry, case);
    let profiles = Profiles::new(&settings, Choice::default()).unwrap();
    lint(&project(case), &profiles, &Targets::All, &settings, None).unwrap().diagnostics
}

/// Returns the findings of the rule itself, as in cases: `FILE:LINE:COLUMN: MESSAGE`.
fn of_rule(entry: &Entry, found: &Diagnostics) -> Vec<String> {
    let own = found.list.iter().filter(|one| one.code.name() == entry.meta.name);
    let line = |one: &graphwright_codegen::diagnostic::Diagnostic| {
        let span = one.primary.as_ref().unwrap().span;
        let place = found.sources.position(span);
        format!("{}:{}:{}: {}", found.sources.name(span.source), place.line, place.column, one.message)
    };
    own.map(line).collect()
}

/// Returns the files of a folder, if there is one.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// With `UPDATE_CASES=1`, the expected findings are written instead of compared.
#[test]
fn cases_of_rules_have_the_findings_that_they_expect() {
    let root = graphwright_fixtures::folder().join("../codegen/cli/src/lint/rules/cases");
    let updates = std::env::var_os("UPDATE_CASES").is_some();
    let mut wrong = Vec::new();
    let mut folders: BTreeSet<PathBuf> = files(&root).into_iter().collect();
    for entry in rules::all() {
        let folder = root.join(entry.meta.name);
        folders.remove(&folder);
        for (kind, file) in ["valid", "invalid"]
            .into_iter()
            .flat_map(|kind| files(&folder.join(kind)).into_iter().map(move |file| (kind, file)))
        {
            let text = std::fs::read_to_string(&file).unwrap();
            let case = Case::parse(&text, entry.meta.reads);
            let all = found(entry, &case);
            let own = of_rule(entry, &all);
            let name = file.strip_prefix(&root).unwrap().display();
            if own.is_empty() != (kind == "valid") {
                wrong.push(format!("{name}: {all}"));
            } else if updates && kind == "invalid" {
                let kept = text.split("## findings").next().unwrap().trim_end();
                std::fs::write(&file, format!("{kept}\n## findings\n{}\n", own.join("\n"))).unwrap();
            } else if own != case.findings {
                wrong.push(format!("{name}: found\n{}\nexpected\n{}", own.join("\n"), case.findings.join("\n")));
            }
        }
    }
    assert!(folders.is_empty(), "no rule has these names: {folders:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_of_rules_are_true() {
    let mut wrong = Vec::new();
    for entry in rules::all() {
        let (name, meta) = (entry.meta.name, entry.meta);
        assert!(!meta.what.is_empty() && !meta.why.is_empty(), "{name} says nothing");
        if !meta.bad.is_empty() && of_rule(entry, &found(entry, &meta.case(meta.bad))).is_empty() {
            wrong.push(format!("{name}: the bad example has no finding"));
        }
        let good = found(entry, &meta.case(meta.good));
        if !of_rule(entry, &good).is_empty() {
            wrong.push(format!("{name}: the good example has one: {good}"));
        }
        if meta.category != Category::Validity
            && good
                .list
                .iter()
                .any(|one| rules::find(one.code.name()).is_some_and(|entry| entry.meta.category == Category::Validity))
        {
            wrong.push(format!("{name}: the good example is not valid: {good}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixes_of_rules_mend_their_examples() {
    let mut wrong = Vec::new();
    for entry in rules::all().iter().filter(|entry| entry.meta.fixable != Fixable::No) {
        let case = entry.meta.case(entry.meta.bad);
        let settings = settings(entry, &case);
        let profiles = Profiles::new(&settings, Choice::default()).unwrap();
        let which = if entry.meta.fixable == Fixable::Safe { Fixes::Safe } else { Fixes::All };
        let fixed = fix(&project(&case), &profiles, &Targets::All, &settings, None, which).unwrap();
        if fixed.texts.is_empty()
            || !fixed.refused.is_empty()
            || fixed.left.diagnostics.list.iter().any(|one| one.code.name() == entry.meta.name)
        {
            wrong
                .push(format!("{}: {:?} {:?} {}", entry.meta.name, fixed.texts, fixed.refused, fixed.left.diagnostics));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns settings with all rules on that support generated documents.
fn everything() -> (Settings, Profiles) {
    let settings: Settings = toml::from_str("extends = [\"all\"]\n[rules.alphabetize]\ndefinitions = true\noperations = true\nfragments = true\narguments = true\nvariables = true\n").unwrap();
    let profiles = Profiles::new(&settings, Choice::default()).unwrap();
    (settings, profiles)
}

#[test]
fn fixes_of_documents_that_nobody_wrote_break_nothing() {
    let (settings, profiles) = everything();
    let mut made = 0;
    for seed in 0..12 {
        let (schema, documents) = invented_texts(seed);
        let mut project = Project::default();
        project.schema.push(project.sources.add("schema.graphql", schema));
        for (at, document) in documents.iter().enumerate() {
            // Everything twice, so that there is something to fix.
            project.add(format!("{at}.graphql"), document.replace("{ ", "{ __typename __typename "));
        }
        for which in [Fixes::Safe, Fixes::All] {
            let fixed = fix(&project, &profiles, &Targets::All, &settings, None, which).unwrap();
            assert!(which == Fixes::All || fixed.refused.is_empty(), "seed {seed}: {:?}", fixed.refused);
            made += fixed.made.values().sum::<usize>();
            let errors = |linted: &graphwright_cli::lint::Linted| {
                linted.diagnostics.list.iter().filter(|one| is_violation(one.code.name())).count()
            };
            let before = lint(&project, &profiles, &Targets::All, &settings, None).unwrap();
            assert!(errors(&fixed.left) <= errors(&before), "seed {seed}");
            // Fixed findings do not come back.
            let again = fix(&fixed.project, &profiles, &Targets::All, &settings, None, which).unwrap();
            assert!(again.texts.is_empty(), "seed {seed}: {:?}", again.made);
        }
    }
    assert!(made > 200, "{made}");
}

#[test]
fn formatting_changes_nothing_but_white_space() {
    for seed in 0..60 {
        let (schema, documents) = invented_texts(seed);
        for text in documents.iter().chain([&schema]) {
            let new = formatter::format(text, &formatter::Style::default()).unwrap();
            assert_eq!(formatter::content(text), formatter::content(&new), "seed {seed}");
            assert_eq!(formatter::format(&new, &formatter::Style::default()).as_ref(), Some(&new), "seed {seed}");
        }
    }
}

/// Returns the findings of a rule with options in a text and a schema: line, column and message.
fn said(rule: &str, options: &str, schema: &str, text: &str) -> String {
    let mut project = Project::default();
    project.schema.push(project.sources.add("schema.graphql", schema));
    project.add("text.graphql", text);
    let settings = format!("extends = [\"none\"]\n[rules.{rule}]\nlevel = \"warn\"\n{options}");
    let settings: Settings = toml::from_str(&settings).unwrap();
    let profiles = Profiles::new(&settings, Choice::default()).unwrap();
    let found = lint(&project, &profiles, &Targets::All, &settings, None).unwrap().diagnostics;
    let line = |one: &graphwright_codegen::diagnostic::Diagnostic| {
        let place = found.sources.position(one.primary.as_ref().unwrap().span);
        format!("{}:{}: {}\n", place.line, place.column, one.message)
    };
    found.list.iter().map(line).collect()
}

#[test]
fn everything_that_is_too_deep_is_told_where_it_stands() {
    let schema = "type Query { a: A }\ntype A { a: A b: Int c: Int }\n";
    let text = "query Q { a { a {\n  b\n  c\n  ...F\n  ... on A { b }\n} ...Shallow } }\nfragment F on A { b }\nfragment Shallow on A {\n  a { __typename b }\n}\n";
    insta::assert_snapshot!(said("selection-set-depth", "max = 1", schema, text), @r"
    2:3: `Q` exceeds the maximum depth of 1
    3:3: `Q` exceeds the maximum depth of 1
    4:6: `Q` exceeds the maximum depth of 1
    5:3: `Q` exceeds the maximum depth of 1
    9:7: `Q` exceeds the maximum depth of 1
    9:18: `Q` exceeds the maximum depth of 1
    ");
}

#[test]
fn an_alphabet_has_digits_before_letters_and_small_letters_first() {
    let schema = "type Query { a1: Int a_b: Int ab: Int aB: Int }\n";
    let sorted = "{ a_b a1 ab aB }";
    assert_eq!(said("alphabetize", "operations = true", schema, sorted), "");
    insta::assert_snapshot!(said("alphabetize", "operations = true", schema, "{ aB ab a1 a_b }"), @r"
    1:6: `ab` should come before `aB`
    1:9: `a1` should come before `ab`
    1:12: `a_b` should come before `a1`
    ");
    let text = "query B { ab }\nfragment A on Query { ab }\n{ ab }\nquery C { ab ...A }\n";
    insta::assert_snapshot!(said("alphabetize", "definitions = true", schema, text), @r"
    2:10: `A` should come before `B`
    3:1: an operation without a name must be the only one of its document
    4:7: `C` should come before the unnamed one
    ");
}

#[test]
fn an_interface_without_the_field_is_not_asked_for_it_and_an_alias_is_as_good() {
    let schema = "type Query { n: N u: U }\ninterface N { name: String }\ntype A implements N { id: ID name: String }\ntype B { id: ID }\nunion U = A | B\n";
    let said = |text: &str| said("require-selections", "", schema, text);
    assert_eq!(said("{ n { name } }"), "");
    assert_eq!(said("{ u { ... on A { key: id } ... on B { id } } }"), "");
    insta::assert_snapshot!(said("{ n { name ... on A { name } } u { ... on B { __typename } ... on A { name } } }"), @r"
    1:5: the selection of `N` lacks `id`
    1:34: the selection of `U` lacks `id`
    ");
}
