//! Documents that are large in one direction, for the bench of sizes and for tests.

use anyhow::Result;
use std::fmt::Write as _;
use std::path::Path;

/// A family of documents that grow with a number.
pub struct Growing {
    /// The growing part.
    pub name: &'static str,
    /// The largest number that must be done within the limits.
    pub most: usize,
    make: fn(usize) -> Texts,
}

/// A schema, and a document for it.
pub struct Texts {
    /// SDL.
    pub schema: String,
    /// Operations and fragments.
    pub document: String,
}

impl Growing {
    /// Returns the document of a size.
    pub fn texts(&self, size: usize) -> Texts {
        (self.make)(size)
    }

    /// Writes the document of a size as a project that all rules of the linter are on for.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, size: usize, folder: &Path) -> Result<()> {
        let Texts { schema, document } = self.texts(size);
        std::fs::write(folder.join("schema.graphql"), schema)?;
        std::fs::write(folder.join("q.graphql"), document)?;
        let config = "schema = \"schema.graphql\"\ndocuments = \"q.graphql\"\n\
                      [extensions.graphwright.generate]\noutput = \"out\"\n\
                      [extensions.graphwright.lint]\nextends = [\"all\"]\n";
        std::fs::write(folder.join("graphql.config.toml"), config)?;
        Ok(())
    }
}

/// All families.
pub const ALL: [Growing; 15] = [
    Growing { name: "diamond", most: 200, make: diamond },
    Growing { name: "diamond of fields", most: 200, make: diamond_of_fields },
    Growing { name: "diamond under conditions", most: 200, make: diamond_under_conditions },
    Growing { name: "diamond of types", most: 200, make: diamond_of_types },
    Growing { name: "siblings", most: 10_000, make: siblings },
    Growing { name: "siblings that share", most: 10_000, make: siblings_that_share },
    Growing { name: "siblings with a field of objects", most: 2_000, make: siblings_with_objects },
    Growing { name: "chain", most: 1_000, make: chain },
    Growing { name: "chain of objects", most: 1_000, make: chain_of_objects },
    Growing { name: "union", most: 2_000, make: union },
    Growing { name: "union with a field of all", most: 2_000, make: union_with_common },
    Growing { name: "one leaf again and again", most: 3_000, make: one_leaf },
    Growing { name: "one object again and again", most: 3_000, make: one_object },
    Growing { name: "fields", most: 3_000, make: fields },
    Growing { name: "nesting", most: 400, make: nesting },
];

const USER: &str = "type Query { user: User node: Node } interface Node { id: ID! }\n\
                    type User implements Node { id: ID! name: String email: String friend: User }\n\
                    type Team implements Node { id: ID! title: String }\n";

fn on_user(document: String) -> Texts {
    Texts { schema: USER.to_owned(), document }
}

/// Text of many parts.
fn each(range: std::ops::Range<usize>, mut part: impl FnMut(usize, &mut String)) -> String {
    let mut text = String::new();
    for number in range {
        part(number, &mut text);
    }
    text
}

/// Two fragments of each level spread both of the next one.
fn diamond_with(size: usize, open: &str, close: &str, condition: &str, variables: &str) -> Texts {
    let fragments = each(0..size, |at, text| {
        let next = at + 1;
        for letter in ["F", "G"] {
            let below = format!("{open}...F{next}{condition} ...G{next}{condition}{close}");
            let _ = writeln!(text, "fragment {letter}{at} on User {{ {below} }}");
        }
    });
    let last = format!("fragment F{size} on User {{ id }}\nfragment G{size} on User {{ name }}\n");
    on_user(format!("query Q{variables} {{ user {{ ...F0 ...G0 }} }}\n{fragments}{last}"))
}

fn diamond(size: usize) -> Texts {
    diamond_with(size, "", "", "", "")
}

fn diamond_of_fields(size: usize) -> Texts {
    diamond_with(size, "id email ", "", "", "")
}

fn diamond_under_conditions(size: usize) -> Texts {
    diamond_with(size, "", "", " @include(if: $full)", "($full: Boolean!)")
}

fn diamond_of_types(size: usize) -> Texts {
    diamond_with(size, "friend { ", " }", "", "")
}

fn siblings_of(size: usize, selection: impl Fn(usize) -> String) -> Texts {
    let spreads = each(0..size, |at, text| {
        let _ = write!(text, " ...S{at}");
    });
    let fragments = each(0..size, |at, text| {
        let _ = writeln!(text, "fragment S{at} on User {{ {} }}", selection(at));
    });
    on_user(format!("query Q {{ user {{{spreads} }} }}\n{fragments}"))
}

fn siblings(size: usize) -> Texts {
    siblings_of(size, |at| format!("f{at}: name"))
}

fn siblings_that_share(size: usize) -> Texts {
    siblings_of(size, |_| "id name".to_owned())
}

fn siblings_with_objects(size: usize) -> Texts {
    siblings_of(size, |at| format!("friend {{ id f{at}: name }}"))
}

fn chain_with(size: usize, selection: &str) -> Texts {
    let fragments = each(0..size, |at, text| {
        let _ = writeln!(text, "fragment C{at} on User {{ {selection} ...C{} }}", at + 1);
    });
    on_user(format!("query Q {{ user {{ ...C0 }} }}\n{fragments}fragment C{size} on User {{ {selection} }}\n"))
}

fn chain(size: usize) -> Texts {
    chain_with(size, "name")
}

fn chain_of_objects(size: usize) -> Texts {
    chain_with(size, "friend { name }")
}

fn union_with(size: usize, common: &str, arm: impl Fn(usize) -> String) -> Texts {
    let members = each(0..size, |at, text| {
        let _ = write!(text, " | T{at}");
    });
    let types = each(0..size, |at, text| {
        let _ = writeln!(text, "type T{at} implements Named {{ id: ID! name: String size: Int }}");
    });
    let arms = each(0..size, |at, text| {
        let _ = writeln!(text, "... on T{at} {{ {} }}", arm(at));
    });
    Texts {
        schema: format!(
            "type Query {{ search: [Any] }} interface Named {{ name: String }} union Any ={members}\n{types}"
        ),
        document: format!("query Q {{ search {{ {common} {arms} }} }}\n"),
    }
}

fn union(size: usize) -> Texts {
    union_with(size, "", |_| "id name".to_owned())
}

fn union_with_common(size: usize) -> Texts {
    union_with(size, "... on Named { name }", |at| format!("id name f{at}: size"))
}

fn repeated(size: usize, selection: impl Fn(usize) -> String) -> Texts {
    let fields = each(0..size, |at, text| {
        let _ = writeln!(text, "{}", selection(at));
    });
    on_user(format!("query Q {{ user {{ {fields} }} }}\n"))
}

fn one_leaf(size: usize) -> Texts {
    repeated(size, |_| "name".to_owned())
}

fn one_object(size: usize) -> Texts {
    repeated(size, |_| "friend { id }".to_owned())
}

fn fields(size: usize) -> Texts {
    repeated(size, |at| format!("f{at}: name"))
}

fn nesting(size: usize) -> Texts {
    let (open, close) = ("friend { id ".repeat(size), "} ".repeat(size));
    on_user(format!("query Q {{ user {{ {open}{close} }} }}\n"))
}
