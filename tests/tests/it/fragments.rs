//! The types of selection sets, and the presence of fragments, in code that is compiled and run.

use crate::support::{Project, root};
use std::process::Command;

const SCHEMA: &str = "type Query { post: Post! }\n\
    type Post { id: ID! author: User! tags: [Tag!]! }\n\
    type User { id: ID! login: String! email: String }\n\
    type Tag { id: ID! name: String! }\n";

const DOCUMENT: &str = "query Show($full: Boolean!) { post { author { email } tags { id } ...Bits ...Full @include(if: $full) } }\n\
    fragment Bits on Post { author { login } }\n\
    fragment Full on Post { author { id } tags { name } }\n";

const MAIN: &str = r###"
use api::show::{Data, Post, PostAuthor, PostTags};
use api::fragments::{bits, full};

mod api;

fn main() {
    let text = r##"{"post":{"author":{"email":null,"login":"l","id":"1"},"tags":[{"id":"t","name":"n"}]}}"##;
    let with: Data = serde_json::from_str(text).unwrap();
    // Each type has its own selections and nothing else: the patterns are complete.
    let Post { author: PostAuthor { email }, tags, bits, full } = with.post.clone();
    assert_eq!(email, None);
    let [PostTags { id }] = &tags[..] else { panic!("{tags:?}") };
    assert_eq!(id.as_str(), "t");
    assert_eq!(bits.author.login, "l");
    let full::Full { author: full::Author { id }, tags } = full.unwrap();
    assert_eq!((id.as_str(), tags[0].name.as_str()), ("1", "n"));
    let encoded: serde_json::Value = serde_json::to_value(&with).unwrap();
    assert_eq!(encoded, serde_json::from_str::<serde_json::Value>(text).unwrap());

    // `$full` is false: the parent and `Bits` select the same keys, and nested selections make the difference.
    let text = r##"{"post":{"author":{"email":null,"login":"l"},"tags":[{"id":"t"}]}}"##;
    let without: Data = serde_json::from_str(text).unwrap();
    assert!(without.post.full.is_none());
    let encoded: serde_json::Value = serde_json::to_value(&without).unwrap();
    assert_eq!(encoded, serde_json::from_str::<serde_json::Value>(text).unwrap());
}
"###;

#[test]
fn a_type_has_what_its_own_selection_set_says_and_a_fragment_is_there_if_all_of_it_is() {
    let project = Project::small();
    project.write("schema.graphql", SCHEMA);
    project.write("show.graphql", DOCUMENT);
    let ran = project.run(&[
        "generate",
        "--schema",
        "schema.graphql",
        "--documents",
        "show.graphql",
        "--output",
        "src/api.rs",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let manifest =
        "[package]\nname = \"fragments\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n";
    let runtime = root().join("runtime");
    project.write(
        "Cargo.toml",
        format!("{manifest}serde_json = \"1\"\ngraphwright = {{ path = {runtime:?}, default-features = false }}\n"),
    );
    std::fs::copy(root().join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
    project.write("src/main.rs", MAIN);
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline"])
        .current_dir(project.folder.path())
        .env("CARGO_TARGET_DIR", root().join("target/editions"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}
