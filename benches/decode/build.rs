//! Generates code with the two generators that need a build script.

use graphwright_codegen::config::Config;
use graphwright_codegen::internal::{compile, load, output};
use std::{env, fs, path::Path};

fn main() {
    let config = Config {
        schema: vec!["schema.graphql".to_owned()],
        documents: vec!["operations.graphql".to_owned()],
        ..Config::default()
    };
    println!("cargo::rerun-if-changed=schema.graphql");
    println!("cargo::rerun-if-changed=operations.graphql");
    let inputs = load::read(&config).unwrap_or_else(|error| panic!("{error}"));
    let compiled = compile(&config, inputs).unwrap_or_else(|error| panic!("{error}"));
    let code = output::tokens(&compiled.module, &config).to_string();
    let folder = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join("api.rs"), code).expect("it can be written");
    let schema = cynic_codegen::register_schema("bench").from_sdl_file("schema.graphql");
    schema.expect("a schema").as_default().expect("the only one");
}
