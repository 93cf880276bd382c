//! Compares the sent document with its source: the same operation after expansion, and the same responses.
//!
//! This does not use the generator: texts are parsed, spreads are replaced by the fragments that the file of the source
//! resolves them to, and selections are collected for each object type as in the specification.

mod client;
mod compare;
mod descriptions;
mod execute;
mod expand;
mod same;

use anyhow::{Context, Result, anyhow, bail};
use apollo_compiler::ast::{Definition, Document, FragmentDefinition, OperationDefinition};
use apollo_compiler::executable::ExecutableDocument;
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema};
use client::ClientParts;
use compare::compare;
pub use descriptions::without_descriptions;
use execute::execute_both;
use expand::Expansion;
pub use same::same_meaning;
use std::collections::{BTreeMap, BTreeSet};

/// The files of operations, and the client-side names.
#[derive(Default)]
pub struct Source {
    files: BTreeMap<String, File>,
    client: ClientParts,
}

struct File {
    document: Document,
    /// Files whose fragments take precedence over all others.
    needs: Vec<String>,
}

impl Source {
    /// Creates files by name, each with the names of those whose fragments it uses, and the client-side SDL.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str, Vec<String>)>, client: &str) -> Self {
        let mut source = Self { files: BTreeMap::new(), client: ClientParts::new(client) };
        for (name, text, needs) in files {
            let document = Document::parse(without_descriptions(text), name).unwrap_or_else(|found| found.partial);
            source.files.insert(name.to_owned(), File { document, needs });
        }
        source
    }

    /// Creates the one file of a case.
    pub fn single(text: &str) -> Self {
        Self::new([("query.graphql", text, Vec::new())], "")
    }

    /// Compares a sent document with the operation of a file.
    ///
    /// # Errors
    /// What differs.
    pub fn check(&self, schema: &Valid<Schema>, file: &str, operation: Option<&str>, sent: &str) -> Result<()> {
        let sent = Document::parse(sent, "sent").map_err(|found| anyhow!("not a document: {}", found.errors))?;
        check_definitions(&sent)?;
        let written = &self.files.get(file).with_context(|| format!("no file {file}"))?.document;
        let written = operation_of(written, operation).context("the operation is not in its file")?;
        let sent_operation = operation_of(&sent, operation).context("the operation is not in what is sent")?;
        let written = Expansion::new(schema, |from, name| self.fragment(from, name)).operation(written, file)?;
        let written = self.client.without(schema, &written)?;
        let expanded = Expansion::new(schema, |_, name| Some((String::new(), fragment_of(&sent, name)?)));
        let expanded = expanded.operation(sent_operation, "")?;
        let root = schema.root_operation(written.operation_type).context("the schema has no such root")?;
        compare(schema, root, &written, &expanded)?;
        execute_both(schema, &written, &sent, operation)
    }

    /// Returns the fragment that a name means in a file: one of its own, one of the files that it needs, or the only
    /// one.
    fn fragment(&self, from: &str, name: &str) -> Option<(String, &Node<FragmentDefinition>)> {
        let file = self.files.get(from)?;
        let in_file = |name_of_file: &String| {
            let found = fragment_of(&self.files.get(name_of_file)?.document, name)?;
            Some((name_of_file.clone(), found))
        };
        in_file(&from.to_owned())
            .or_else(|| file.needs.iter().find_map(in_file))
            .or_else(|| self.files.keys().find_map(in_file))
    }
}

/// Validates with apollo-compiler, except a known difference from the specification: it counts a root field
/// of a subscription once for each selection.
///
/// # Errors
/// It rejects the document.
pub fn validate(schema: &Valid<Schema>, sent: &str, conflicts: bool) -> Result<()> {
    match ExecutableDocument::parse_and_validate(schema, sent, "sent") {
        Ok(_) => Ok(()),
        Err(found) if found.errors.iter().all(|one| is_excused(one.error.unstable_error_name(), conflicts)) => Ok(()),
        Err(found) => bail!("apollo-compiler refuses it: {}", found.errors),
    }
}

fn is_excused(error: Option<&str>, conflicts: bool) -> bool {
    match error {
        Some("SubscriptionUsesMultipleFields") => true,
        Some("ConflictingFieldType" | "ConflictingFieldName" | "ConflictingFieldArgument") => !conflicts,
        _ => false,
    }
}

fn operation_of<'a>(document: &'a Document, name: Option<&str>) -> Option<&'a Node<OperationDefinition>> {
    document.definitions.iter().find_map(|definition| match definition {
        Definition::OperationDefinition(node) if node.name.as_deref() == name => Some(node),
        _ => None,
    })
}

fn fragment_of<'a>(document: &'a Document, name: &str) -> Option<&'a Node<FragmentDefinition>> {
    document.definitions.iter().find_map(|definition| match definition {
        Definition::FragmentDefinition(node) if node.name == name => Some(node),
        _ => None,
    })
}

/// One operation, and fragments of different names that it reaches.
fn check_definitions(sent: &Document) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut operations = 0;
    for definition in &sent.definitions {
        match definition {
            Definition::OperationDefinition(_) => operations += 1,
            Definition::FragmentDefinition(node) if names.insert(node.name.as_str()) => {}
            Definition::FragmentDefinition(node) => bail!("the fragment {} is sent twice", node.name),
            _ => bail!("sent is something that is neither operation nor fragment"),
        }
    }
    if operations != 1 {
        bail!("{operations} operations are sent");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::Source;
    use apollo_compiler::Schema;

    const SCHEMA: &str = "
        directive @log(level: Int) repeatable on FIELD | INLINE_FRAGMENT
        type Query { node(id: ID, first: Int = 1): Node nodes: [Node!]! user: User }
        interface Node { id: ID! }
        type User implements Node { id: ID! name(short: Boolean): String friend: User }
        type Post implements Node { id: ID! title: String }";

    /// Returns the error in a sent document, given the written one.
    fn found(written: &str, sent: &str) -> String {
        let schema = Schema::parse_and_validate(SCHEMA, "schema.graphql").unwrap();
        match Source::single(written).check(&schema, "query.graphql", Some("Q"), sent) {
            Ok(()) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_same_operation_in_other_words_is_the_same() {
        let written = "query Q($id: ID, $x: Boolean!) { node(id: $id) { ...F ... on User @include(if: $x) { name } } }
            fragment F on Node { id ... on User { friend { ...F } } }";
        assert_eq!(found(written, written), "the fragment F cannot be spread");
        let written = "query Q($id: ID, $x: Boolean!) { node(id: $id) { ...F ... on User @include(if: $x) { name } } }
            fragment F on Node { id ... on User { friend { id } } }";
        let sent = "query Q($id:ID,$x:Boolean!){node(id:$id){__typename ... on User{friend{__typename id}}
            ... on User@include(if:$x){name}id}}";
        assert_eq!(found(written, sent), "");
    }

    #[test]
    fn whatever_differs_is_found() {
        let written = "query Q($id: ID, $x: Boolean!) { nodes { id ... on User @include(if: $x) { name(short: true) } }
            node(id: $id) { id } used: user @include(if: $x) { id } }";
        let sent = "query Q($id:ID,$x:Boolean!){nodes{id ... on User@include(if:$x){name(short:true)}}\
            node(id:$id){id}used:user@include(if:$x){id}}";
        assert_eq!(found(written, sent), "");
        let twice = format!("{sent}fragment F on User{{id}}fragment F on User{{name}}");
        let changed = |from: &str, to: &str| sent.replacen(from, to, 1);
        let all = [
            changed("nodes{id ", "nodes{"),
            changed("@include(if:$x){name", "{name"),
            changed("(short:true)", ""),
            twice,
            changed("$id:ID,", "$id:ID!,"),
            changed("}used", "}user{id}used"),
            changed("(short:true)", "(short:true)friend{id}"),
            changed("Boolean!)", "Boolean!,$k:Int)"),
        ];
        let found: Vec<String> = all.iter().map(|sent| found(written, sent)).collect();
        insta::assert_snapshot!(found.join("\n"), @r#"
        $.nodes of User: `id` is not sent
        $.nodes of User: `name` depends on {{}} instead of {{"@include(if: $x)"}}
        $.nodes of User: `name` is {"name()"} instead of {"name(short: true)"}
        the fragment F is sent twice
        sent is (Query, Some("Q"), {}, {"$id: ID!", "$x: Boolean!"}) instead of (Query, Some("Q"), {}, {"$id: ID", "$x: Boolean!"})
        $ of Query: `user` is sent and was not written
        $.nodes of User: `friend` is sent and was not written
        the variable $k is sent
        "#);
    }
}
