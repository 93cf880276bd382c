//! Two crates with the same types for the same operations: graphwright's code, and structs with
//! serde's derives. Only features that derives support: plain objects, no type conditions, no fragments.

use crate::generate;
use anyhow::{Result, anyhow};
use graphwright_codegen::config::Config;
use graphwright_codegen::internal::output;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes both crates below a folder; returns their folders, ours first.
///
/// # Errors
/// A file cannot be written.
pub fn write_crates(folder: &Path, operations: usize) -> Result<[PathBuf; 2]> {
    let (schema, documents, derived) = texts(operations);
    let mut config = Config::default();
    config.generate.output = Some(PathBuf::from("api.rs"));
    let compiled = generate(&config, &[("schema.graphql", &schema)], &[("operations.graphql", &documents)])
        .map_err(|error| anyhow!("{error}"))?;
    let ours = output::files(&compiled, &config).map_err(|error| anyhow!("{error}"))?;
    let ours = ours.into_values().next().unwrap_or_default();
    let calls: String = (0..operations)
        .map(|at| format!("    both::<<api::Op{at} as graphwright::Operation>::Data>(text);\n"))
        .collect();
    let derived_calls: String = (0..operations).map(|at| format!("    both::<api::op{at}::Data>(text);\n")).collect();
    let folders = [folder.join("ours"), folder.join("derived")];
    for (folder, api, calls) in [(&folders[0], &ours, calls), (&folders[1], &derived, derived_calls)] {
        fs::create_dir_all(folder.join("src"))?;
        let runtime = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../runtime").canonicalize()?;
        let lock = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, folder.join("Cargo.lock"))?;
        let manifest = format!(
            "[package]\nname = \"compiled\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             graphwright = {{ path = {:?}, default-features = false }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\n[workspace]\n",
            runtime.display().to_string()
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        fs::write(folder.join("src/api.rs"), api)?;
        let main = format!(
            "#[allow(warnings)]\nmod api;\n\
             fn both<T: serde::de::DeserializeOwned + serde::Serialize>(text: &str) {{\n    \
             if let Ok(value) = serde_json::from_str::<T>(text) {{\n        \
             println!(\"{{}}\", serde_json::to_string(&value).unwrap_or_default());\n    }}\n}}\n\
             fn main() {{\n    let text = &std::env::args().nth(1).unwrap_or_default();\n{calls}}}\n"
        );
        fs::write(folder.join("src/main.rs"), main)?;
    }
    Ok(folders)
}

/// Returns a schema, operations on it, and the same types with derives.
fn texts(operations: usize) -> (String, String, String) {
    let leafs = [("String", "String", "Option<String>"), ("Int!", "i32", "i32"), ("[String!]!", "", "Vec<String>")];
    let (mut schema, mut documents, mut derived) = (String::from("type Query {\n"), String::new(), String::new());
    for at in 0..operations {
        let _ = writeln!(schema, "  list{at}: [T{at}!]!");
    }
    schema.push_str("}\n");
    for at in 0..operations {
        let fields: String = (0..9).map(|field| format!(" field{field}: {}", leafs[field % 3].0)).collect();
        let names: String = (0..9).map(|field| format!(" field{field}")).collect();
        let _ = writeln!(schema, "type T{at} {{ id: ID!{fields} child: C{at} }}\ntype C{at} {{ id: ID!{fields} }}");
        let _ = writeln!(documents, "query Op{at} {{ list{at} {{ id{names} child {{ id{names} }} }} }}");
        let members: String = (0..9).map(|field| format!(" pub field{field}: {},", leafs[field % 3].2)).collect();
        let derive = "#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]";
        let _ = writeln!(
            derived,
            "pub mod op{at} {{\n{derive} pub struct Data {{ pub list{at}: Vec<List> }}\n\
             {derive} pub struct List {{ pub id: graphwright::Id,{members} pub child: Option<Child> }}\n\
             {derive} pub struct Child {{ pub id: graphwright::Id,{members} }}\n}}"
        );
    }
    (schema, documents, derived)
}
