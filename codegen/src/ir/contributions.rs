//! What a fragment adds to the scopes that spread it: its own fields, and those of the fragments that it spreads.
//!
//! It is the same for every scope but for the types and conditions that the scope adds, and it is made once, of what the
//! fragments below add. What says the same twice is in it once, so that a long chain of fragments costs no more than a short
//! one.

use super::collect::{Conditions, What, conditions, directives};
use super::lower::Lowerer;
use super::{Leaf, Ty};
use crate::document::{FragmentId, spreads};
use crate::print::owner;
use crate::schema::TypeSet;
use apollo_compiler::ast::{Field, Selection};
use apollo_compiler::{Name, Node};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

/// A field that a fragment selects, itself or through others.
pub struct Contribution<'a> {
    pub what: What<'a>,
    /// The object types that it applies to.
    pub types: TypeSet,
    /// The type conditions on the way to it, that of the fragment included.
    pub through: Rc<BTreeSet<Name>>,
    /// Those of a leaf are not known: nobody asks for them.
    pub conditions: Conditions,
}

/// What makes two contributions of the same circumstances the same.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Said<'a> {
    /// A value of a type under a key.
    Leaf(String, String),
    /// A field with all that is below it.
    Composite(&'a Node<Field>, Name, Option<usize>),
    /// The same, where something is set for a node, or printed into it.
    Single(*const ()),
}

/// The object types that something applies to, and the type conditions on the way to it.
type Reach = (TypeSet, Rc<BTreeSet<Name>>);

/// Collects the contributions of one fragment.
struct Contributions<'a> {
    all: Vec<Contribution<'a>>,
    known: HashMap<(Said<'a>, Reach), Vec<Conditions>>,
}

#[derive(Clone)]
struct Here {
    types: TypeSet,
    through: Rc<BTreeSet<Name>>,
    conditions: Conditions,
}

/// The contributions of a fragment; those that it spreads have theirs.
pub fn contributions<'a>(lowerer: &mut Lowerer<'a>, id: FragmentId) -> Rc<[Contribution<'a>]> {
    let documents = lowerer.documents;
    let fragment = documents.fragment(id);
    let condition = &fragment.definition.type_condition;
    let here = Here {
        types: lowerer.schema.types.possible(condition),
        through: Rc::new(BTreeSet::from([condition.clone()])),
        conditions: Conditions::new(),
    };
    let mut found = Contributions { all: Vec::new(), known: HashMap::new() };
    if lowerer.typename.contains(&owner(&fragment.definition)) {
        found.add(lowerer, What::Typename, here.clone());
    }
    found.selections(lowerer, fragment.file, &fragment.definition.selection_set, condition, &here);
    found.all.into()
}

impl<'a> Contributions<'a> {
    fn selections(
        &mut self,
        lowerer: &mut Lowerer<'a>,
        file: usize,
        selections: &'a [Selection],
        parent: &'a Name,
        outer: &Here,
    ) {
        for selection in selections {
            let Some(conditions) = conditions(directives(selection), &outer.conditions) else { continue };
            let here = Here { conditions, ..outer.clone() };
            match selection {
                Selection::Field(node) => {
                    self.add(lowerer, What::Field { node, parent: parent.clone(), file, local: false }, here);
                }
                Selection::InlineFragment(inline) => {
                    let condition = inline.type_condition.as_ref().unwrap_or(parent);
                    let here = here.narrowed(&lowerer.schema.types.possible(condition), [condition]);
                    self.selections(lowerer, file, &inline.selection_set, condition, &here);
                }
                Selection::FragmentSpread(spread) => {
                    let Some(fragment) = lowerer.fragment(file, &spread.fragment_name) else { continue };
                    for one in lowerer.contributions(fragment).iter() {
                        let mut here = here.narrowed(&one.types, one.through.iter());
                        here.conditions.extend(one.conditions.iter().cloned());
                        self.add(lowerer, one.what.clone(), here);
                    }
                }
            }
        }
    }

    /// Adds a field, unless it says nothing new.
    fn add(&mut self, lowerer: &mut Lowerer<'a>, what: What<'a>, mut here: Here) {
        let said = match &what {
            What::Field { node, parent, file, .. } if !node.selection_set.is_empty() => {
                let is_plain = lowerer.overrides.is_empty() && !has_typename(lowerer, node);
                let file = (!spreads(&node.selection_set).is_empty()).then_some(*file);
                if is_plain { Said::Composite(node, parent.clone(), file) } else { Said::Single(owner(node)) }
            }
            What::Field { node, parent, .. } => {
                here.conditions.clear();
                let ty = leaf(lowerer, node, parent);
                Said::Leaf(node.response_name().to_string(), format!("{ty:?}"))
            }
            What::Typename => Said::Leaf("__typename".to_owned(), format!("{:?}", Some(Ty::Leaf(Leaf::TypeName)))),
            What::Spread { .. } => return,
        };
        let known = self.known.entry((said, (here.types.clone(), here.through.clone()))).or_default();
        // A field that is there under some conditions is there under these and more.
        if !known.iter().any(|conditions| conditions.is_subset(&here.conditions)) {
            known.push(here.conditions.clone());
            let Here { types, through, conditions } = here;
            self.all.push(Contribution { what, types, through, conditions });
        }
    }
}

impl Here {
    fn narrowed<'n>(&self, types: &TypeSet, through: impl IntoIterator<Item = &'n Name>) -> Self {
        let mut all = self.through.clone();
        for condition in through {
            if !all.contains(condition) {
                Rc::make_mut(&mut all).insert(condition.clone());
            }
        }
        Self { types: self.types.intersection(types), through: all, conditions: self.conditions.clone() }
    }
}

fn leaf(lowerer: &mut Lowerer<'_>, node: &Node<Field>, parent: &Name) -> Option<Ty> {
    if node.name == "__typename" {
        return Some(Ty::Leaf(Leaf::TypeName));
    }
    let definition = lowerer.schema.field(parent, &node.name)?;
    let leaf = lowerer.leaf_of_field(node, parent, definition.ty.inner_named_type());
    Some(super::scope::wrap(&definition.ty, Ty::Leaf(leaf)))
}

/// True if printing adds the type name somewhere below a field.
fn has_typename(lowerer: &Lowerer<'_>, node: &Node<Field>) -> bool {
    let mut open = vec![owner(node)];
    let mut rest: Vec<&Selection> = node.selection_set.iter().collect();
    while let Some(selection) = rest.pop() {
        match selection {
            Selection::Field(field) => {
                open.push(owner(field));
                rest.extend(&field.selection_set);
            }
            Selection::InlineFragment(inline) => rest.extend(&inline.selection_set),
            Selection::FragmentSpread(_) => {}
        }
    }
    open.iter().any(|owner| lowerer.typename.contains(owner))
}
