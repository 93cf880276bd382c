//! Generated code compiles without a warning under both editions, whatever the user denies or forbids.

use crate::support::{Project, root, scratch_crate};
use std::path::Path;
use std::process::Command;

/// Attributes of strict crates, besides `#![deny(warnings)]`: a forbidden lint cannot be allowed again (E0453).
const STRICT: &str = "#![no_implicit_prelude]
#![forbid(warnings, unused, nonstandard_style, rust_2018_idioms, clippy::all, clippy::pedantic)]
#![forbid(
    missing_docs, unsafe_code, dead_code, unused_imports, unused_variables, unused_mut, unused_must_use, unused_comparisons,
    unused_results, unreachable_code, unreachable_patterns, non_camel_case_types, non_snake_case, non_upper_case_globals,
    missing_debug_implementations, trivial_casts, trivial_numeric_casts, elided_lifetimes_in_paths, let_underscore_drop,
    single_use_lifetimes, unused_lifetimes
)]
";

/// The denied lints that generated code cannot avoid.
const DENYING: &str = "#![deny(
    warnings, missing_docs, missing_copy_implementations, missing_debug_implementations, unreachable_pub,
    unused_qualifications, clippy::all, clippy::pedantic
)]
";

/// Returns a project with the code of our operations, and of some that have everything.
fn generated(output: &str) -> Project {
    let project = Project::small();
    let sets = [
        ("api", "fixtures/prismatic/schema.graphql", "fixtures/prismatic/operations/*.graphql"),
        ("everything", "fixtures/schemas/kitchen_sink.graphql", "tests/fuzz/operations.graphql"),
    ];
    for (name, schema, documents) in sets {
        let (schema, documents) = (root().join(schema), root().join(documents));
        let (schema, documents) = (schema.to_str().unwrap(), documents.to_str().unwrap());
        let output = format!("{name}{output}");
        let arguments = ["generate", "--schema", schema, "--documents", documents, "--output", &output];
        let ran = project.run(&arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    project
}

fn compiles(edition: &str, output: &str, attributes: &str, visibility: &str) {
    let project = generated(output);
    let path = |name: &str| if output.is_empty() { format!("{name}/mod.rs") } else { format!("{name}{output}") };
    project.write(
        "Cargo.toml",
        format!(
            "[package]\nname = \"edition\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\n[dependencies]\n\
             graphwright = {{ path = {:?}, default-features = false }}\n[workspace]\n[lib]\npath = \"lib.rs\"\n",
            root().join("runtime")
        ),
    );
    std::fs::copy(root().join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
    let module = |name: &str| format!("#[path = {:?}]\n/// Generated.\n{visibility} mod {name};\n", path(name));
    project.write("lib.rs", format!("//! Docs.\n{attributes}{}{}", module("api"), module("everything")));
    let check = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline"])
        .current_dir(project.folder.path())
        .env("CARGO_TARGET_DIR", root().join("target/editions"))
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&check.stderr);
    assert!(check.status.success(), "{}", printed.chars().take(5000).collect::<String>());
}

#[test]
fn edition_2021_in_one_file() {
    compiles("2021", ".rs", STRICT, "pub");
    compiles("2021", ".rs", DENYING, "");
}

#[test]
fn edition_2024_in_a_folder() {
    compiles("2024", "", STRICT, "pub");
    compiles("2024", "", DENYING, "");
}

/// The macro and an included build script, in a strict crate without a prelude.
#[test]
fn macros_and_included_code_compile_where_lints_are_forbidden() {
    let codegen = root().join("codegen");
    let folder =
        scratch_crate("strict", &format!("\n[build-dependencies]\ngraphwright-codegen = {{ path = {codegen:?} }}\n"));
    let schema = root().join("fixtures/schemas/kitchen_sink.graphql");
    std::fs::copy(schema, folder.join("schema.graphql")).unwrap();
    std::fs::copy(root().join("tests/fuzz/operations.graphql"), folder.join("operations.graphql")).unwrap();
    let build = "fn main() {\n    graphwright_codegen::Builder::new().schema(\"schema.graphql\")\
                 .documents(\"operations.graphql\").run();\n}\n";
    std::fs::write(folder.join("build.rs"), build).unwrap();
    let program = format!(
        r##"//! Docs.
{STRICT}
/// By the macro.
#[::graphwright::operations("operations.graphql", schema = "schema.graphql")]
pub mod by_macro {{}}

/// One operation.
#[::graphwright::operation("query Version {{ __typename }}", schema = "schema.graphql")]
pub struct Version;

/// By a build script, beside names of the user that generated code uses too.
pub mod by_script {{
    /// Not the standard library's.
    #[derive(::core::fmt::Debug)]
    pub struct String;
    /// Not the runtime's.
    #[derive(::core::fmt::Debug)]
    pub struct Id;
    ::core::include!(::core::concat!(::core::env!("OUT_DIR"), "/graphwright.rs"));
}}
"##
    );
    std::fs::write(folder.join("src/lib.rs"), program).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["check", "--quiet", "--offline"])
        .current_dir(&folder)
        .env_remove("RUSTFLAGS")
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("macros/target"))
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}", printed.chars().take(5000).collect::<String>());
}
