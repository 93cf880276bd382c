//! Documents as the server gets them: without what only the client knows, and without variables that nothing uses.
//!
//! In: documents, and a schema that knows which part of it is the client's. Out: the same files without client-only fields,
//! type conditions and directives, without fragments in which nothing is left, and without the variables that only these
//! used. Places stay those of the documents.

use super::{Documents, File, FileId, FragmentId, Selected, SelectedField, SelectionSet};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{CLIENT_MARK, Schema};
use crate::source::Span;
use crate::syntax::selections;
use apollo_compiler::ast::{
    Argument, Definition, Directive, DirectiveList, FragmentDefinition, OperationDefinition, Selection, Value,
};
use apollo_compiler::{Name, Node};
use rustc_hash::FxHashSet;
use std::collections::{HashMap, HashSet};

/// What is sent of some documents.
#[derive(Debug, Default)]
pub struct ForServer {
    /// `None` if they are sent as they are.
    pub documents: Option<Documents>,
    /// Selection sets of which nothing would be sent.
    pub problems: Vec<Diagnostic>,
}

impl Documents {
    /// What is sent of the documents.
    pub fn for_server(&self, schema: &Schema) -> ForServer {
        let mut result = ForServer::default();
        if schema.has_client_side() {
            let mut strip = Strip::new(self, schema);
            result.documents = Some(strip.documents());
            result.problems = strip.problems;
        }
        let without = without_unused_variables(result.documents.as_ref().unwrap_or(self));
        result.documents = without.or(result.documents);
        result
    }

    /// Selection sets of which nothing would be sent.
    pub fn client_only_selection_sets(&self, schema: &Schema) -> Vec<Diagnostic> {
        if !schema.has_client_side() {
            return Vec::new();
        }
        let mut strip = Strip::new(self, schema);
        strip.documents();
        strip.problems
    }

    /// The same places, with other definitions in the files.
    fn with_files(&self, files: impl Iterator<Item = File>) -> Self {
        Self::new(files.collect(), self.places.clone())
    }
}

/// Takes out what only the client knows.
struct Strip<'a> {
    documents: &'a Documents,
    schema: &'a Schema,
    /// Fragments in which nothing is left.
    gone: HashSet<FragmentId>,
    problems: Vec<Diagnostic>,
}

/// What becomes of a selection.
enum Kept {
    Same,
    Changed(Selection),
    Gone,
}

impl<'a> Strip<'a> {
    fn new(documents: &'a Documents, schema: &'a Schema) -> Self {
        Self { documents, schema, gone: HashSet::new(), problems: Vec::new() }
    }

    fn documents(&mut self) -> Documents {
        self.find_gone_fragments();
        self.problems.clear();
        self.documents.with_files(self.documents.files().map(|(id, file)| self.file(id, file)))
    }

    /// Without the spreads of one fragment, nothing may be left in another.
    fn find_gone_fragments(&mut self) {
        loop {
            let open = self.documents.fragments().filter(|(id, _)| !self.gone.contains(id));
            let open: Vec<(FragmentId, &Node<FragmentDefinition>)> =
                open.map(|(id, of)| (id, &of.definition)).collect();
            let gone = open.into_iter().filter(|(_, definition)| self.is_gone(definition)).map(|(id, _)| id);
            let gone: Vec<FragmentId> = gone.collect();
            if gone.is_empty() {
                return;
            }
            self.gone.extend(gone);
        }
    }

    fn is_gone(&mut self, definition: &Node<FragmentDefinition>) -> bool {
        self.schema.is_marked_client_only(&definition.directives)
            || self.schema.is_client_type(&definition.type_condition)
            || self.selections(SelectionSet::of_fragment(definition)).is_some_and(|kept| kept.is_empty())
    }

    fn file(&mut self, id: FileId, file: &File) -> File {
        let mut new = file.clone();
        let mut fragments = self.documents.fragments_of(id);
        new.ast.definitions.retain(|definition| match definition {
            Definition::FragmentDefinition(_) => fragments.next().is_none_or(|(id, _)| !self.gone.contains(&id)),
            _ => true,
        });
        for definition in &mut new.ast.definitions {
            match definition {
                Definition::OperationDefinition(operation) => self.operation(operation),
                Definition::FragmentDefinition(fragment) => self.fragment(fragment),
                _ => {}
            }
        }
        new
    }

    fn operation(&mut self, operation: &mut Node<OperationDefinition>) {
        let selections = self.selections(SelectionSet::of_operation(self.schema, operation));
        let directives = self.directives(&operation.directives);
        let variables = operation.variables.iter().any(|variable| self.directives(&variable.directives).is_some());
        if selections.as_ref().is_some_and(Vec::is_empty) {
            let name = operation.name.as_ref().map_or_else(|| "this operation".to_owned(), |name| format!("`{name}`"));
            let place = operation.name.as_ref().and_then(|name| self.place(name));
            self.problems.push(
                Diagnostic::error(Code::CLIENT_ONLY_SELECTION_SET, format!("{name} selects only client-only fields"))
                    .at(
                        place.or_else(|| self.documents.place(operation).map(first_byte)),
                        "nothing of it would be sent",
                    )
                    .help("select a field of the server, or take the operation out of `documents`"),
            );
        }
        if selections.is_none() && directives.is_none() && !variables {
            return;
        }
        let new = operation.make_mut();
        new.selection_set = selections.unwrap_or_else(|| std::mem::take(&mut new.selection_set));
        new.directives = directives.unwrap_or_else(|| std::mem::take(&mut new.directives));
        for variable in &mut new.variables {
            if let Some(directives) = self.directives(&variable.directives) {
                variable.make_mut().directives = directives;
            }
        }
    }

    fn fragment(&mut self, fragment: &mut Node<FragmentDefinition>) {
        let selections = self.selections(SelectionSet::of_fragment(fragment));
        let directives = self.directives(&fragment.directives);
        if selections.is_none() && directives.is_none() {
            return;
        }
        let new = fragment.make_mut();
        new.selection_set = selections.unwrap_or_else(|| std::mem::take(&mut new.selection_set));
        new.directives = directives.unwrap_or_else(|| std::mem::take(&mut new.directives));
    }

    /// What is left of a selection set; `None` if that is all of it.
    fn selections(&mut self, set: SelectionSet<'_>) -> Option<Vec<Selection>> {
        let mut is_changed = false;
        let mut kept = Vec::new();
        for (selection, selected) in set.selections().iter().zip(set.members()) {
            match self.selection(selected) {
                Kept::Same => kept.push(selection.clone()),
                Kept::Changed(selection) => {
                    is_changed = true;
                    kept.push(selection);
                }
                Kept::Gone => is_changed = true,
            }
        }
        is_changed.then_some(kept)
    }

    fn selection(&mut self, selected: Selected<'_>) -> Kept {
        match selected {
            Selected::Field(selected) => self.field(selected),
            Selected::Spread(spread) => {
                let target = self.documents.resolve(spread);
                if self.schema.is_marked_client_only(&spread.directives)
                    || target.is_ok_and(|id| self.gone.contains(&id))
                {
                    return Kept::Gone;
                }
                let Some(directives) = self.directives(&spread.directives) else { return Kept::Same };
                let mut spread = spread.clone();
                spread.make_mut().directives = directives;
                Kept::Changed(Selection::FragmentSpread(spread))
            }
            Selected::Inline { inline, below } => {
                let condition = inline.type_condition.as_ref();
                if self.schema.is_marked_client_only(&inline.directives)
                    || condition.is_some_and(|name| self.schema.is_client_type(name))
                {
                    return Kept::Gone;
                }
                let selections = self.selections(below);
                let directives = self.directives(&inline.directives);
                if selections.as_ref().is_some_and(Vec::is_empty) {
                    return Kept::Gone;
                }
                if selections.is_none() && directives.is_none() {
                    return Kept::Same;
                }
                let mut inline = inline.clone();
                let new = inline.make_mut();
                new.selection_set = selections.unwrap_or_else(|| std::mem::take(&mut new.selection_set));
                new.directives = directives.unwrap_or_else(|| std::mem::take(&mut new.directives));
                Kept::Changed(Selection::InlineFragment(inline))
            }
        }
    }

    fn field(&mut self, selected: SelectedField<'_>) -> Kept {
        let SelectedField { field, parent } = selected;
        if self.schema.is_client_field(parent, field) {
            return Kept::Gone;
        }
        let selections = self.selections(selected.below(selected.definition(self.schema)));
        let directives = self.directives(&field.directives);
        if selections.is_none() && directives.is_none() {
            return Kept::Same;
        }
        if selections.as_ref().is_some_and(Vec::is_empty) {
            let message = format!("`{}` selects only client-only fields", field.name);
            let help = format!("select a field of the server below `{}`, such as `__typename`", field.name);
            let mark = if self.schema.client_directives.contains(CLIENT_MARK) {
                format!(", or mark `{}` itself with `@{CLIENT_MARK}`", field.name)
            } else {
                String::new()
            };
            self.problems.push(
                Diagnostic::error(Code::CLIENT_ONLY_SELECTION_SET, message)
                    .at(self.place(&field.name), "nothing of its selection set would be sent")
                    .help(help + &mark),
            );
        }
        let mut field = field.clone();
        let new = field.make_mut();
        new.selection_set = selections.unwrap_or_else(|| std::mem::take(&mut new.selection_set));
        new.directives = directives.unwrap_or_else(|| std::mem::take(&mut new.directives));
        Kept::Changed(Selection::Field(field))
    }

    /// Directives that are sent; `None` if all of them are.
    fn directives(&self, directives: &DirectiveList) -> Option<DirectiveList> {
        let client = &self.schema.client_directives;
        let is_sent = |directive: &&Node<Directive>| !client.contains(directive.name.as_str());
        (!directives.iter().all(|directive| is_sent(&directive)))
            .then(|| DirectiveList(directives.iter().filter(is_sent).cloned().collect()))
    }

    fn place(&self, name: &Name) -> Option<Span> {
        self.documents.places.span(name.location())
    }
}

fn first_byte(span: Span) -> Span {
    Span { end: span.end.min(span.start + 1), ..span }
}

/// The documents without variables that nothing uses, which servers refuse (5.8.4); `None` if there are none.
fn without_unused_variables(documents: &Documents) -> Option<Documents> {
    let mut of_fragments: HashMap<FragmentId, FxHashSet<Name>> = HashMap::new();
    let mut unused: HashMap<(FileId, usize), FxHashSet<Name>> = HashMap::new();
    for (at, file) in documents.files() {
        for (number, definition) in file.ast.definitions.iter().enumerate() {
            let Definition::OperationDefinition(operation) = definition else { continue };
            let mut open: FxHashSet<Name> = operation.variables.iter().map(|variable| variable.name.clone()).collect();
            let mut take = |name: &Name| {
                open.remove(name);
            };
            in_directives(&operation.directives, &mut take);
            in_selections(&operation.selection_set, &mut take);
            if open.is_empty() {
                continue;
            }
            for id in documents.reach(&operation.selection_set) {
                let used = of_fragments.entry(id).or_insert_with(|| used_in(&documents.fragment(id).definition));
                open.retain(|name| !used.contains(name));
            }
            if !open.is_empty() {
                unused.insert((at, number), open);
            }
        }
    }
    if unused.is_empty() {
        return None;
    }
    let files = documents.files().map(|(at, file)| {
        let mut file = file.clone();
        for (number, definition) in file.ast.definitions.iter_mut().enumerate() {
            if let (Definition::OperationDefinition(operation), Some(unused)) = (definition, unused.get(&(at, number)))
            {
                operation.make_mut().variables.retain(|variable| !unused.contains(&variable.name));
            }
        }
        file
    });
    Some(documents.with_files(files))
}

fn used_in(fragment: &FragmentDefinition) -> FxHashSet<Name> {
    let mut used = FxHashSet::default();
    let mut take = |name: &Name| {
        used.insert(name.clone());
    };
    in_directives(&fragment.directives, &mut take);
    in_selections(&fragment.selection_set, &mut take);
    used
}

fn in_selections(selections: &[Selection], take: &mut impl FnMut(&Name)) {
    for selection in selections::all(selections) {
        if let Selection::Field(field) = selection {
            in_arguments(&field.arguments, take);
        }
        in_directives(selections::directives(selection), take);
    }
}

fn in_directives(directives: &DirectiveList, take: &mut impl FnMut(&Name)) {
    directives.iter().for_each(|directive| in_arguments(&directive.arguments, take));
}

fn in_arguments(arguments: &[Node<Argument>], take: &mut impl FnMut(&Name)) {
    let mut open: Vec<&Node<Value>> = arguments.iter().map(|argument| &argument.value).collect();
    while let Some(value) = open.pop() {
        match &**value {
            Value::Variable(name) => take(name),
            Value::List(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}
