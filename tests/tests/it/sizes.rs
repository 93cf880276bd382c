//! Documents that are large in one direction: at sizes where anything but linear work never ends, or overflows the stack.
//! `cargo xtask bench sizes` measures the time and memory of larger ones.

use crate::support::{Project, Ran};
use graphwright_codegen::config::Config;
use graphwright_tests::sizes::{ALL, Growing};
use graphwright_tests::{Plan, Server, Suite, clients, generate};
use std::path::Path;
use tempfile::tempdir;

fn family(name: &str) -> &'static Growing {
    ALL.iter().find(|growing| growing.name == name).unwrap()
}

/// Returns a project with the document of a size.
fn project(name: &str, size: usize) -> Project {
    let project = Project { folder: tempdir().unwrap() };
    family(name).write(size, project.folder.path()).unwrap();
    project
}

/// Lints and generates, which must end.
fn both(name: &str, size: usize) -> (Ran, Ran) {
    let project = project(name, size);
    let (linted, generated) = (project.run(&["lint", "--quiet"]), project.run(&["generate"]));
    assert!(matches!(linted.code, 0 | 1), "{name}: {}", linted.stderr);
    (linted, generated)
}

#[test]
fn what_would_be_held_more_often_than_can_be_is_told() {
    for name in ["diamond", "diamond of fields", "diamond under conditions", "diamond of types"] {
        let (_, generated) = both(name, 60);
        assert_eq!(generated.code, 1, "{name}: {}", generated.stderr);
        assert!(generated.stderr.contains("error[too-many-copies]"), "{name}: {}", generated.stderr);
    }
    let generated = project("diamond", 20).run(&["generate"]);
    insta::assert_snapshot!(generated.shown(&[]), @r"
    exit 1
    error[too-many-copies]: fragments would hold one value of an answer more than 20000 times
      --> q.graphql:29:10
       |
     1 | query Q { user { ...F0 ...G0 } }
       |       - in the answer to this operation
    ...
    29 | fragment G13 on User { ...F14 ...G14 }
       |          ^^^ this one
       |
       = help: each fragment holds what it selects: spread a fragment in one place, not in several that are spread together

    1 error
    ");
}

#[test]
fn few_levels_of_fragments_that_double_are_generated() {
    for name in ["diamond", "diamond of types"] {
        let generated = project(name, 10).run(&["generate"]);
        assert_eq!(generated.code, 0, "{name}: {}", generated.stderr);
    }
}

#[test]
fn many_fragments_in_one_place_and_long_chains_do_not_overflow_the_stack() {
    for (name, size) in [
        ("siblings", 700),
        ("siblings that share", 700),
        ("siblings with a field of objects", 300),
        ("chain", 400),
        ("chain of objects", 400),
        ("one object again and again", 1_000),
        ("nesting", 150),
    ] {
        let (_, generated) = both(name, size);
        assert_eq!(generated.code, 0, "{name}: {}", generated.stderr);
    }
}

/// Chains that are longer than the stack is deep are judged, and refused where they are made to types.
#[test]
fn a_chain_of_twenty_thousand_fragments_is_linted() {
    let project = project("chain", 20_000);
    let linted = project.run(&["lint", "--quiet"]);
    assert!(matches!(linted.code, 0 | 1), "{}", linted.stderr);
}

#[test]
fn output_grows_with_documents_and_not_faster() {
    let size = |name: &str, size: usize| {
        let project = project(name, size);
        assert_eq!(project.run(&["generate"]).code, 0, "{name}");
        let files = std::fs::read_dir(project.path("out")).unwrap();
        files.map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>()
    };
    for name in ["siblings", "siblings that share", "chain", "chain of objects", "union with a field of all"] {
        let (half, whole) = (size(name, 100), size(name, 200));
        assert!(whole < half * 21 / 10, "{name}: {half} and {whole} bytes");
    }
}

/// The generated code compiles, decodes responses and encodes them again.
#[test]
fn large_documents_round_trip() {
    let mut suite = Suite::default();
    let mut config = Config::default();
    config.generate.output = Some("out".into());
    for growing in &ALL {
        let size = match growing.name {
            name if name.starts_with("diamond") => 5,
            "nesting" => 20,
            _ => 70,
        };
        let texts = growing.texts(size);
        let mut sources = graphwright_codegen::source::Sources::default();
        let id = sources.add("schema.graphql", texts.schema.as_str());
        let schema = graphwright_codegen::internal::schema::load(sources, &[id]).unwrap().0;
        let (schema_text, document) = ([("schema.graphql", &*texts.schema)], [("q.graphql", &*texts.document)]);
        let compiled = generate(&config, &schema_text, &document).unwrap();
        let server = Server { schema: schema.whole(), regenerate: &|_| Err(Vec::new()) };
        clients::add_case(&mut suite, growing.name, compiled.module, config.clone(), &server, Plan::responses(10));
    }
    suite.run(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/corpus/sizes")).unwrap();
    let failures: Vec<String> = suite.failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(suite.totals.responses >= 100, "{}", suite.totals);
}
