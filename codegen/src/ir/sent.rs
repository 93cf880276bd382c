//! The documents that are sent: printed, and checked as a server would.
//!
//! A project may have several fragments of one name, a document may not (5.5.1.1). Fragments that are printed alike, though
//! they are different in Rust, are sent once; of those that differ each is sent under a name made of its own name and a hash of its content, so that neither the
//! order of files nor other fragments decide on it.

use super::judge::Judge;
use super::lower::hex;
use crate::diagnostic::{Code, Diagnostic};
use crate::query::{Documents, Follow, FragmentId, Selected, SelectionSet};
use crate::schema::Schema;
use crate::source::Span;
use crate::syntax::print::{self, Plan, Printed};
use crate::syntax::{NodeId, selections};
use apollo_compiler::ast::{Field, FragmentSpread, OperationDefinition, OperationType, Selection};
use apollo_compiler::{Name, Node};
use indexmap::IndexSet;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// Prints documents.
#[derive(Debug)]
pub struct Sent<'a> {
    schema: &'a Schema,
    documents: &'a Documents,
    /// Owners of selection sets that are sent with `__typename`.
    typename: &'a HashSet<NodeId>,
    /// For each fragment its name and a hash of its content; nothing if no two fragments have the same name.
    identities: HashMap<FragmentId, Identity>,
}

type Identity = (Name, String);

impl<'a> Sent<'a> {
    /// Of `fragments`, those that others spread come first.
    pub fn new(
        schema: &'a Schema,
        documents: &'a Documents,
        typename: &'a HashSet<NodeId>,
        fragments: &[FragmentId],
    ) -> Self {
        let mut sent = Self { schema, documents, typename, identities: HashMap::new() };
        let name = |id: &FragmentId| &documents.fragment(*id).definition.name;
        let names: HashSet<&Name> = fragments.iter().map(name).collect();
        if names.len() < fragments.len() {
            for id in fragments {
                let identity = sent.identity(*id);
                sent.identities.insert(*id, identity);
            }
        }
        sent
    }

    /// The document of an operation.
    pub fn document(&self, operation: &Node<OperationDefinition>) -> String {
        let reached = self.documents.reach(&operation.selection_set);
        let names = self.names(&reached);
        let mut seen = HashSet::new();
        let is_first = |id: &&FragmentId| self.identities.get(*id).is_none_or(|identity| seen.insert(identity));
        let printed: Vec<Printed<'_>> = reached.iter().filter(is_first).map(|id| self.printed(*id, &names)).collect();
        print::document(operation, &printed, &self.plan(&|spread| self.sent_name(&names, spread)))
    }

    fn plan<'p>(&'p self, sent_name: &'p dyn Fn(&Node<FragmentSpread>) -> Option<String>) -> Plan<'p> {
        Plan { typename: self.typename, sent_name }
    }

    fn printed<'p>(&'p self, id: FragmentId, names: &'p HashMap<FragmentId, String>) -> Printed<'p> {
        let fragment = self.documents.fragment(id);
        let name = names.get(&id).map_or(fragment.definition.name.as_str(), String::as_str);
        Printed { name, definition: &fragment.definition }
    }

    fn sent_name(&self, names: &HashMap<FragmentId, String>, spread: &Node<FragmentSpread>) -> Option<String> {
        if names.is_empty() {
            return None;
        }
        names.get(&self.documents.resolve(spread).ok()?).cloned()
    }

    /// A hash of what is printed of a fragment, in which spreads are replaced by what they spread.
    fn identity(&self, id: FragmentId) -> Identity {
        let fragment = self.documents.fragment(id);
        let spread = |spread: &Node<FragmentSpread>| {
            let (name, hash) = self.identities.get(&self.documents.resolve(spread).ok()?)?;
            Some(format!("{name}_{hash}"))
        };
        let text = print::fragment(&self.printed(id, &HashMap::new()), &self.plan(&spread));
        (fragment.definition.name.clone(), hex(&Sha256::digest(text.as_bytes())))
    }

    /// The names of fragments that are sent under another one: of those that share a name and differ, all.
    fn names(&self, reached: &[FragmentId]) -> HashMap<FragmentId, String> {
        let mut different: HashMap<&Name, IndexSet<&Identity>> = HashMap::new();
        for identity in reached.iter().filter_map(|id| self.identities.get(id)) {
            different.entry(&identity.0).or_default().insert(identity);
        }
        let mut names: HashMap<&Identity, String> = HashMap::new();
        for identity in different.into_values().filter(|of_name| of_name.len() > 1).flatten() {
            let name = self.free_name(identity, &names);
            names.insert(identity, name);
        }
        let name = |id: &FragmentId| Some((*id, names.get(self.identities.get(id)?)?.clone()));
        reached.iter().filter_map(name).collect()
    }

    /// The name of a fragment with as much of its hash as makes it a name that no fragment has.
    fn free_name(&self, identity: &Identity, taken: &HashMap<&Identity, String>) -> String {
        const USUAL: usize = 8;
        let (name, hash) = identity;
        let candidates = (USUAL..=hash.len()).map(|length| format!("{name}_{}", &hash[..length]));
        let is_free = |candidate: &String| {
            !self.documents.has_fragment(candidate) && !taken.values().any(|other| other == candidate)
        };
        let longest = || format!("{name}_{hash}");
        candidates.into_iter().find(is_free).unwrap_or_else(longest)
    }

    /// What is wrong with the document of an operation.
    pub fn problems(
        &self,
        judge: &mut Judge<'_>,
        operation: &Node<OperationDefinition>,
        document: &str,
    ) -> Vec<Diagnostic> {
        if let Some(problem) = self.typename_in_subscription(operation) {
            return vec![problem];
        }
        let violations = judge.violations(document);
        if violations.is_empty() {
            return Vec::new();
        }
        let aliases = self.hidden_typenames(operation);
        if !aliases.is_empty() {
            return aliases.into_iter().map(|field| self.hidden_typename(field)).collect();
        }
        let name = operation.name.as_ref().map_or_else(|| "an operation".to_owned(), |name| format!("`{name}`"));
        let name_span = operation.name.as_ref().and_then(|name| self.documents.places.span(name.location()));
        let place = name_span.or_else(|| self.documents.place(operation));
        violations.into_iter().map(|violation| internal(&name, place, violation, document)).collect()
    }

    /// A subscription has one field at its root (5.2.4.1): `__typename` cannot be added there.
    fn typename_in_subscription(&self, operation: &Node<OperationDefinition>) -> Option<Diagnostic> {
        if operation.operation_type != OperationType::Subscription {
            return None;
        }
        let refused = |what: &str| {
            let why = format!("which distinguishes the types of {what}");
            let message = format!("the root of a subscription cannot select `__typename`, {why}");
            Diagnostic::error(Code::SINGLE_FIELD_SUBSCRIPTIONS, message)
        };
        if self.typename.contains(&NodeId::of(operation)) {
            let place = self.documents.place(operation);
            return Some(refused("its abstract root type").at(place, "this subscription"));
        }
        let root = SelectionSet::of_operation(self.schema, operation);
        self.documents.walk(Follow::Once).over(root).find_map(|selected| {
            let Selected::Spread(spread) = selected else { return None };
            let fragment = &self.documents.fragment(self.documents.resolve(spread).ok()?).definition;
            if !self.typename.contains(&NodeId::of(fragment)) {
                return None;
            }
            let place = self.documents.places.span(spread.fragment_name.location());
            let label = format!("this fragment is on the abstract type `{}`", fragment.type_condition);
            let help = "write the fragment on the type of the subscription's root";
            Some(refused(&format!("`{}`", spread.fragment_name)).at(place, label).help(help))
        })
    }

    /// Other fields that an operation selects as `__typename`.
    fn hidden_typenames(&self, operation: &'a Node<OperationDefinition>) -> Vec<&'a Node<Field>> {
        let fragments = self.documents.reach(&operation.selection_set).into_iter();
        let sets = fragments.map(|id| &self.documents.fragment(id).definition.selection_set);
        let selections = sets.chain([&operation.selection_set]).flat_map(|set| selections::all(set));
        let is_typename = |name: &Name| name == "__typename";
        let is_hidden =
            |field: &&Node<Field>| field.alias.as_ref().is_some_and(is_typename) && !is_typename(&field.name);
        selections.filter_map(Selection::as_field).filter(is_hidden).collect()
    }

    fn hidden_typename(&self, field: &Node<Field>) -> Diagnostic {
        let message =
            format!("`{}` is selected as `__typename`, which is needed here for the name of the type", field.name);
        let place = field.alias.as_ref().and_then(|alias| self.documents.places.span(alias.location()));
        Diagnostic::error(Code::OVERLAPPING_FIELDS_CAN_BE_MERGED, message).at(place, "").help("choose another alias")
    }
}

pub(super) fn internal(operation: &str, place: Option<Span>, violation: Diagnostic, document: &str) -> Diagnostic {
    let message = format!("the document made for {operation} is invalid: {} ({})", violation.message, violation.code);
    Diagnostic::error(Code::INTERNAL, message)
        .at(place, "")
        .note(format!("the document: {document}"))
        .help("this is a bug of graphwright, not of the operation; please report it with the operation and the schema")
}
