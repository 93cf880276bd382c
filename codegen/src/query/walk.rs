//! Walks over selection sets, with the types that they select from and the fragments that spreads mean.
//!
//! A walk uses no stack for nested fragments: a chain of them can be longer than the stack is deep.

use super::{Documents, FragmentId};
use crate::schema::Schema;
use crate::syntax::NodeId;
use apollo_compiler::ast::{
    Definition, DirectiveList, Field, FieldDefinition, FragmentDefinition, FragmentSpread, InlineFragment,
    OperationDefinition, Selection,
};
use apollo_compiler::{Name, Node};
use rustc_hash::FxHashSet;

/// The node that owns a selection set.
#[derive(Debug, Clone, Copy)]
pub enum Owner<'a> {
    /// An operation.
    Operation(&'a Node<OperationDefinition>),
    /// A fragment definition.
    Fragment(&'a Node<FragmentDefinition>),
    /// A field.
    Field(&'a Node<Field>),
    /// An inline fragment.
    Inline(&'a Node<InlineFragment>),
}

impl Owner<'_> {
    /// Returns the identity of the node.
    pub fn id(self) -> NodeId {
        match self {
            Self::Operation(node) => NodeId::of(node),
            Self::Fragment(node) => NodeId::of(node),
            Self::Field(node) => NodeId::of(node),
            Self::Inline(node) => NodeId::of(node),
        }
    }
}

/// A selection set, and the type that it selects from.
#[derive(Debug, Clone, Copy)]
pub struct SelectionSet<'a> {
    /// The node that owns it.
    pub owner: Owner<'a>,
    /// The parent type; `None` below a field that the schema does not have.
    pub parent: Option<&'a Name>,
}

impl<'a> SelectionSet<'a> {
    /// Returns the selection set of an operation.
    pub fn of_operation(schema: &'a Schema, operation: &'a Node<OperationDefinition>) -> Self {
        Self { owner: Owner::Operation(operation), parent: schema.root(operation.operation_type) }
    }

    /// Returns the selection set of a definition; `None` if it is not executable.
    pub fn of_definition(schema: &'a Schema, definition: &'a Definition) -> Option<Self> {
        match definition {
            Definition::OperationDefinition(operation) => Some(Self::of_operation(schema, operation)),
            Definition::FragmentDefinition(fragment) => Some(Self::of_fragment(fragment)),
            _ => None,
        }
    }

    /// Returns the selection set of a fragment.
    pub fn of_fragment(fragment: &'a Node<FragmentDefinition>) -> Self {
        Self { owner: Owner::Fragment(fragment), parent: Some(&fragment.type_condition) }
    }

    /// Returns the selections, with the types that they select from.
    pub fn members(self) -> impl Iterator<Item = Selected<'a>> {
        self.selections().iter().map(move |selection| Selected::new(self.parent, selection))
    }

    /// Returns the selections as they are written.
    pub fn selections(self) -> &'a [Selection] {
        match self.owner {
            Owner::Operation(node) => &node.selection_set,
            Owner::Fragment(node) => &node.selection_set,
            Owner::Field(node) => &node.selection_set,
            Owner::Inline(node) => &node.selection_set,
        }
    }
}

/// A selection in a selection set.
#[derive(Debug, Clone, Copy)]
pub enum Selected<'a> {
    /// A field.
    Field(SelectedField<'a>),
    /// An inline fragment.
    Inline {
        /// The node.
        inline: &'a Node<InlineFragment>,
        /// Its selection set.
        below: SelectionSet<'a>,
    },
    /// A spread.
    Spread(&'a Node<FragmentSpread>),
}

impl<'a> Selected<'a> {
    fn new(parent: Option<&'a Name>, selection: &'a Selection) -> Self {
        match selection {
            Selection::Field(field) => Self::Field(SelectedField { field, parent }),
            Selection::InlineFragment(inline) => {
                let parent = inline.type_condition.as_ref().or(parent);
                Self::Inline { inline, below: SelectionSet { owner: Owner::Inline(inline), parent } }
            }
            Selection::FragmentSpread(spread) => Self::Spread(spread),
        }
    }

    /// Returns its directives.
    pub fn directives(self) -> &'a DirectiveList {
        match self {
            Self::Field(field) => &field.field.directives,
            Self::Inline { inline, .. } => &inline.directives,
            Self::Spread(spread) => &spread.directives,
        }
    }
}

/// A field in a selection set.
#[derive(Debug, Clone, Copy)]
pub struct SelectedField<'a> {
    /// The node.
    pub field: &'a Node<Field>,
    /// The type that it is selected from.
    pub parent: Option<&'a Name>,
}

impl<'a> SelectedField<'a> {
    /// Returns its response key.
    pub fn key(self) -> &'a Name {
        self.field.response_name()
    }

    /// Returns its definition, if the schema has one.
    pub fn definition(self, schema: &'a Schema) -> Option<&'a Node<FieldDefinition>> {
        schema.field(self.parent?, &self.field.name)
    }

    /// Returns the selection set below it.
    pub fn below(self, definition: Option<&'a Node<FieldDefinition>>) -> SelectionSet<'a> {
        let parent = definition.map(|definition| definition.ty.inner_named_type());
        SelectionSet { owner: Owner::Field(self.field), parent }
    }
}

impl Documents {
    /// Returns all fields that are selected of one value, in it, in its inline fragments, and in fragments.
    pub fn fields<'a>(&'a self, set: SelectionSet<'a>) -> impl Iterator<Item = SelectedField<'a>> {
        self.walk(Follow::Once).over(set).filter_map(|selected| match selected {
            Selected::Field(field) => Some(field),
            _ => None,
        })
    }

    /// Begins a walk over the selections of one value.
    pub fn walk(&self, follow: Follow) -> Walk<'_> {
        Walk { documents: self, follow, open: Vec::new(), entered: FxHashSet::default() }
    }
}

/// Whether a [`Walk`] enters fragments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// No: it meets what one definition selects.
    No,
    /// Each once: it meets all that is selected (CollectFields, 6.3.2).
    Once,
}

/// A walk over selection sets and the inline fragments in them, in the order of the text; fields are not entered.
#[derive(Debug)]
pub struct Walk<'a> {
    documents: &'a Documents,
    follow: Follow,
    open: Vec<Open<'a>>,
    entered: FxHashSet<FragmentId>,
}

/// A selection set that is being walked.
#[derive(Debug)]
struct Open<'a> {
    rest: std::slice::Iter<'a, Selection>,
    parent: Option<&'a Name>,
    /// The spread through which it was reached.
    through: Option<&'a Node<FragmentSpread>>,
}

impl<'a> Walk<'a> {
    /// Walks a selection set next, and then what is still open.
    #[must_use]
    pub fn over(mut self, set: SelectionSet<'a>) -> Self {
        self.enter(set);
        self
    }

    /// [`Walk::over`], for a walk that has begun: fragments that it has entered are not entered again.
    pub fn enter(&mut self, set: SelectionSet<'a>) {
        self.open(set, None);
    }

    /// Returns the outermost spread through which the last selection was reached.
    pub fn through(&self) -> Option<&'a Node<FragmentSpread>> {
        self.open.last().and_then(|open| open.through)
    }

    /// Returns the fragments that it has entered.
    pub fn into_entered(self) -> FxHashSet<FragmentId> {
        self.entered
    }

    fn open(&mut self, set: SelectionSet<'a>, through: Option<&'a Node<FragmentSpread>>) {
        self.open.push(Open { rest: set.selections().iter(), parent: set.parent, through });
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Selected<'a>;

    fn next(&mut self) -> Option<Selected<'a>> {
        let (parent, through, selection) = loop {
            let open = self.open.last_mut()?;
            match open.rest.next() {
                Some(selection) => break (open.parent, open.through, selection),
                None => _ = self.open.pop(),
            }
        };
        let selected = Selected::new(parent, selection);
        match selected {
            Selected::Inline { below, .. } => self.open(below, through),
            Selected::Spread(spread) if self.follow == Follow::Once => {
                if let Ok(id) = self.documents.resolve(spread)
                    && self.entered.insert(id)
                {
                    let fragment = &self.documents.fragment(id).definition;
                    self.open(SelectionSet::of_fragment(fragment), through.or(Some(spread)));
                }
            }
            _ => {}
        }
        Some(selected)
    }
}
