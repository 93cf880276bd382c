//! What a server would say about the documents that are sent.
//!
//! In: a printed document. Out: violations of the rules, against the server's schema. Nothing is taken over from the trees
//! that the text was printed from. Documents share fragments: the text of a definition is parsed once, and a fragment judged once.

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, has_errors};
use crate::query::Documents;
use crate::schema::Schema;
use crate::source::{SourceId, Sources};
use crate::syntax::{outline, parse};
use crate::validate::{used_fragments, validate, violations_in};
use apollo_compiler::ast::{Definition, FragmentDefinition};
use apollo_compiler::{Name, Node};
use rustc_hash::{FxHashMap, FxHashSet};

/// Judges documents.
#[derive(Debug)]
pub struct Judge<'a> {
    config: &'a Config,
    schema: &'a Schema,
    /// Definitions by their text.
    known: FxHashMap<String, Definition>,
    /// Fragments in which nothing is wrong while names mean these fragments.
    judged: FxHashMap<Name, Node<FragmentDefinition>>,
}

impl<'a> Judge<'a> {
    /// Knows no definition yet.
    pub fn new(config: &'a Config, schema: &'a Schema) -> Self {
        Self { config, schema, known: FxHashMap::default(), judged: FxHashMap::default() }
    }

    /// What is wrong with a document: syntax, and violations that the configuration does not allow.
    pub fn violations(&mut self, document: &str) -> Vec<Diagnostic> {
        let mut sources = Sources::default();
        let source = sources.add("the document that is sent", document);
        let mut found = match self.definitions(document) {
            Some(definitions) => self.judge(&sources, source, definitions),
            // Parsing the whole text gives the best error.
            None => {
                let (documents, mut found) = Documents::parse(&sources, &[source], &[]);
                found.extend(validate(self.schema, &documents, &sources));
                found
            }
        };
        found.retain(|one| {
            // Unused definitions are never sent, even if the configuration allows them in files.
            matches!(one.code, Code::EMPTY_DOCUMENT | Code::NO_UNUSED_FRAGMENTS)
                || self.config.levelled(one.clone()).is_some_and(|one| has_errors(std::slice::from_ref(&one)))
        });
        found
    }

    /// Fragments that were judged with an earlier document are put into a file of their own: the rules take the operation and
    /// new fragments, and follow spreads into the others.
    fn judge(&mut self, sources: &Sources, source: SourceId, definitions: Vec<Definition>) -> Vec<Diagnostic> {
        let fragments = || definitions.iter().filter_map(Definition::as_fragment_definition);
        let names: FxHashSet<&Name> = fragments().map(|fragment| &fragment.name).collect();
        let are_unique = names.len() == fragments().count();
        // A spread may mean another fragment than before: then nothing is known about those that have it.
        if fragments().any(|fragment| self.judged.get(&fragment.name).is_some_and(|judged| !judged.ptr_eq(fragment))) {
            self.judged.clear();
        }
        let is_judged = |definition: &Definition| {
            let fragment = definition.as_fragment_definition();
            are_unique && fragment.is_some_and(|fragment| self.judged.contains_key(&fragment.name))
        };
        let (judged, new) = definitions.iter().cloned().partition(is_judged);
        let documents = Documents::of_definitions(source, [new, judged]);
        let used = used_fragments(&documents);
        let found = if are_unique && used.len() == names.len() {
            let new = documents.files().take(1);
            new.flat_map(|(file, _)| violations_in(self.schema, &documents, sources, file, &used)).collect()
        } else {
            validate(self.schema, &Documents::of_definitions(source, [definitions.clone(), Vec::new()]), sources)
        };
        if found.is_empty() {
            self.judged.extend(fragments().map(|fragment| (fragment.name.clone(), fragment.clone())));
        }
        found
    }

    /// The definitions that a text is made of, from its first byte to its last; `None` if it is not made of definitions.
    fn definitions(&mut self, document: &str) -> Option<Vec<Definition>> {
        let (mut definitions, mut end) = (Vec::new(), 0);
        for one in outline(document).definitions {
            if one.range.start != end {
                return None;
            }
            end = one.range.end;
            definitions.push(self.definition(document.get(one.range)?)?);
        }
        (end == document.len() && end > 0).then_some(definitions)
    }

    fn definition(&mut self, text: &str) -> Option<Definition> {
        if let Some(known) = self.known.get(text) {
            return Some(known.clone());
        }
        let (parsed, errors) = parse(text, "the document that is sent");
        let [definition] = parsed.definitions.as_slice() else { return None };
        if errors.is_some() {
            return None;
        }
        self.known.insert(text.to_owned(), definition.clone());
        Some(definition.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::sent::internal;

    /// Nothing that users write leads here, as far as is known: the document is wrong from the beginning.
    #[test]
    fn a_document_that_no_server_would_take_is_reported_as_a_bug() {
        let mut sources = Sources::default();
        let sdl = sources.add("schema.graphql", "type Query { me: User } type User { id: ID age: Int }");
        let (schema, _) = crate::schema::load(sources, &[sdl]).expect("it is a schema");
        let config = Config::default();
        let twice = "query Q($x:Int){me{...V}}fragment V on User{id}fragment V on User{id}";
        let mut judge = Judge::new(&config, &schema);
        let found = judge.violations(twice);
        let codes: Vec<&str> = found.iter().map(|one| one.code.name()).collect();
        assert_eq!(codes, ["unique-fragment-names", "no-unused-fragments", "no-unused-variables"]);
        for broken in ["query Q{me{id}", "query Q{me{name}}", "", "{me{...V}}", "{me{id}}}", "type T{id:ID}"] {
            assert!(!judge.violations(broken).is_empty(), "{broken}");
        }
        assert!(judge.violations("query Q{me{...V}}fragment V on User{id}").is_empty());
        // What a name means in one document says nothing about the next one.
        let (good, bad) =
            ("fragment W on User{...V}fragment V on User{id}", "fragment W on User{...V}fragment V on Query{me{id}}");
        for (fragments, is_right) in [(good, true), (bad, false), (good, true), (good, true), (bad, false)] {
            assert_eq!(judge.violations(&format!("query Q{{me{{...W}}}}{fragments}")).is_empty(), is_right);
        }
        assert!(!judge.violations(&format!("query Q{{me{{id}}}}{good}")).is_empty(), "nothing uses them");
        let shown = internal("`Q`", None, judge.violations("{me}").remove(0), "{me}");
        assert!(shown.message.starts_with("the document made for `Q` is invalid: `me` of type `User` needs"));
        assert!(shown.help.is_some_and(|help| help.contains("bug of graphwright")));
    }
}
