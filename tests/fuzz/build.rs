//! Types for the target `response`.

use graphwright_codegen::config::Config;
use graphwright_codegen::internal::output;
use std::{env, fs, path::Path};

fn main() {
    let schema = "../../fixtures/schemas/kitchen_sink.graphql";
    let documents = "operations.graphql";
    println!("cargo::rerun-if-changed={schema}");
    println!("cargo::rerun-if-changed={documents}");
    let read = |path: &str| fs::read_to_string(path).expect("it is there");
    let config = Config::default();
    let texts = (read(schema), read(documents));
    let compiled = graphwright_tests::generate(&config, &[(schema, &texts.0)], &[(documents, &texts.1)]);
    let compiled = compiled.unwrap_or_else(|error| panic!("{error}"));
    let code = output::tokens(&compiled.module, &config).to_string();
    let folder = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join("api.rs"), code).expect("it can be written");
}
