//! What must hold for any text from outside, whatever is in it: fuzzing calls these, and so do the
//! tests, with what fuzzing has found.

use crate::generate;
use graphwright_codegen::config::{Config, Level};
use graphwright_codegen::diagnostic::render::plain;
use graphwright_codegen::schema::introspection::{Order, read, to_sdl};
use graphwright_codegen::{output, schema, source::Sources};

/// A schema text loads or is refused; operations against it are compiled or refused; everything that
/// is said about it can be shown.
///
/// # Panics
/// It is not so.
pub fn schema_text(text: &str) {
    for document in ["{ __typename }", "query Q { __schema { types { name fields { name } } } }"] {
        document_against(text, document);
    }
}

/// A document is compiled or refused against a schema that has everything; the code that comes
/// out of it is Rust, and the document that is sent is valid in its turn.
///
/// # Panics
/// It is not so.
pub fn document_text(text: &str) {
    const SCHEMA: &str = include_str!("../../fixtures/schemas/kitchen_sink.graphql");
    document_against(SCHEMA, text);
}

fn document_against(schema: &str, document: &str) {
    let mut config = Config::default();
    config.generate.output = Some("out".into());
    config.generate.same_response_shape = Level::Allow;
    match generate(&config, &[("schema.graphql", schema)], &[("query.graphql", document)]) {
        Err(diagnostics) => assert!(!plain(&diagnostics).is_empty()),
        Ok(compiled) => {
            plain(&compiled.warnings);
            let files = output::files(&compiled.module, &config).expect("the output is Rust");
            assert!(!files.is_empty());
            for operation in compiled.module.documents.iter().flat_map(|document| &document.operations) {
                let sent = [("sent.graphql", operation.document.as_str())];
                let again = generate(&config, &[("schema.graphql", schema)], &sent);
                let again = again.unwrap_or_else(|error| panic!("what is sent is refused: {error}\n{sent:?}"));
                let sent_again = &again.module.documents[0].operations[0].document;
                assert_eq!(sent_again, &operation.document, "printing is stable");
            }
        }
    }
}

/// An introspection answer is refused, or becomes SDL that parses and says the same again.
///
/// # Panics
/// It is not so.
pub fn introspection(text: &str) {
    let Ok(answer) = read(text) else { return };
    let sdl = to_sdl(&answer, Order::Server);
    let mut sources = Sources::default();
    let id = sources.add("schema.json", text);
    match schema::load(sources, &[id]) {
        Ok((schema, _)) => drop(schema),
        Err(diagnostics) => panic!("our own SDL does not parse: {}\n{sdl}", plain(&diagnostics)),
    }
}
