//! Descriptions of schemas and documents in generated code: readable, and nothing else. The judge is rustdoc.

use crate::support::{Project, root};
use graphwright_tests::descriptions::{ALONE, CODE, executable, texts};
use insta::assert_snapshot;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Returns a crate of code that is generated from these texts, with everything about documentation denied.
fn documented(schema: &str, document: &str) -> Project {
    let project = Project::small();
    project.write("schema.graphql", schema);
    project.write("ops/me.graphql", document);
    project.write(
        "graphql.config.toml",
        "schema = \"schema.graphql\"\ndocuments = \"ops/*.graphql\"\n[extensions.graphwright.generate]\noutput = \"src/api\"\n",
    );
    let ran = project.run(&["generate"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr.chars().take(5000).collect::<String>());
    project.write(
        "Cargo.toml",
        format!(
            "[package]\nname = \"documented\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n\
             graphwright = {{ path = {:?}, default-features = false }}\n[workspace]\n",
            root().join("runtime")
        ),
    );
    std::fs::copy(root().join("Cargo.lock"), project.path("Cargo.lock")).unwrap();
    project.write(
        "src/lib.rs",
        "//! Docs.\n#![deny(warnings, rustdoc::all)]\n#![forbid(missing_docs)]\n/// The API.\npub mod api;\n",
    );
    project
}

/// Returns the target folder of generated crates.
fn target() -> PathBuf {
    root().join("target/editions")
}

fn rustdoc(project: &Project, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO"))
        .args(["rustdoc", "--quiet", "--offline", "--"])
        .args(arguments)
        .current_dir(project.folder.path())
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTDOCFLAGS")
        .output()
        .unwrap()
}

fn pages(folder: &Path) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages.extend(self::pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "html") {
            pages.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    pages
}

#[test]
fn rustdoc_finds_nothing_in_hostile_descriptions() {
    let (schema, document) = texts(0, ALONE + 1200);
    let project = documented(&schema, &document);
    let tested = rustdoc(&project, &["--test"]);
    let printed = String::from_utf8_lossy(&tested.stdout);
    assert!(printed.contains("running 0 tests"), "{}", printed.chars().take(3000).collect::<String>());
    let made = rustdoc(&project, &["-D", "warnings"]);
    let printed = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{}", printed.chars().take(6000).collect::<String>());
    let pages = pages(&target().join("doc/documented"));
    assert!(pages.iter().any(|(_, page)| page.contains(CODE)), "the descriptions are in the pages");
    for (path, page) in pages {
        let found = executable(&page);
        assert!(found.is_empty(), "{path}: {found:#?}");
    }
}

/// The check of pages detects planted code.
#[test]
fn pages_with_code_in_them_are_found() {
    for bad in [
        "<script>PWNED()</script>",
        "<img src=x onerror=PWNED()>",
        "<a href=\"javascript:PWNED()\">a</a>",
        "<a href='data:text/html,x'>a</a>",
        "<p onclick='x'>",
        "<svg/onload=PWNED()>",
    ] {
        assert_eq!(executable(&format!("<main><p>a</p>{bad}</main>")).len(), 1, "{bad}");
    }
    assert!(executable("<main><a href=\"https://example.com/PWNED\">&lt;script&gt;PWNED</a></main>").is_empty());
}

#[test]
fn descriptions_read_as_they_were_written() {
    let description = r#"
The *order* of an `Item[]`, see [the manual](https://example.com/orders) or
https://example.com/faq. Never `null`; of type [Order!]! | <Order>.

1. first
   - nested [link](#nope)
2. second:
   ```graphql
   { order { id } }
   ```

Example:

    let indented = "code";

> ~~~rust
> panic!("quoted");
> ~~~

| a | b |
|---|---|
| 1 | 2 |

```rust
fn main() {

    println!("```");
}
```
Unclosed:
```
end"#;
    let schema = format!(
        "type Query {{\n\"\"\"{description}\"\"\"\norder: Int\n  @deprecated(reason: \"Use `orders[]`, see [Orders] or https://example.com.\")\n}}\n"
    );
    let project = Project::small();
    project.write("schema.graphql", schema);
    project.write("ops/me.graphql", "query Me { order }");
    assert_eq!(project.run(&["generate"]).code, 0);
    let code = project.read("out/me.rs");
    let lines =
        code.lines().skip_while(|line| !line.contains("The *order*")).take_while(|line| !line.contains("pub order"));
    let lines: Vec<&str> = lines.map(|line| line.trim_start().trim_start_matches("///")).collect();
    assert_snapshot!(lines.join("\n"));
}
