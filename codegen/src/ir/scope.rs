//! One selection set, by the specification's CollectFields (6.3.2) over groups of concrete types.
//!
//! In: the selection sets that merge into one value. Out: a [`Shape`]. The items of the
//! selection sets are collected once, each with the object types that it applies to and the
//! conditions that it is under; types that see the same items form a group; what every
//! group sees alike is common, the rest is in the arms.
//!
//! A shape has what its own selection sets say. What a fragment selects below a field that the
//! scope selects too is the fragment's: both read the same value.

use super::arm_names;
use super::collect::{Conditions, Item, Part, What, collect, held_spreads};
use super::lower::Lowerer;
use super::{
    Arm, Arms, ArmsPlace, Field, FragmentId, Leaf, Members, Payload, Shape, ShapeId, ShapeRef, Spread, Tag, Ty, Unnamed,
};
use crate::config::Override;
use crate::diagnostic::{Code, Diagnostic};
use crate::query::SelectedField;
use crate::schema::{TypeSet, deprecation};
use crate::source::Span;
use crate::syntax::NodeId;
use apollo_compiler::Name;
use apollo_compiler::ast;
use indexmap::{IndexMap, IndexSet};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A group of concrete types that see the same items; the last group is "any other type".
pub struct Group {
    /// The types that the value can be today.
    pub types: Vec<usize>,
    /// Types of the schema that the value cannot be today, but satisfy the conditions: an answer may have them
    /// once they implement one more interface or join the union.
    pub later: Vec<usize>,
    /// The items that count, by index.
    pub active: BTreeSet<usize>,
}

/// Everything that is known about a scope before its shape is made.
pub struct Collected<'a> {
    pub items: Vec<Item<'a>>,
    pub groups: Vec<Group>,
    /// True if the shape has arms: groups other than the last.
    pub has_arms: bool,
    /// Spreads that another spread holds already, with that one.
    pub held: IndexMap<FragmentId, FragmentId>,
}

/// A definition while its shapes are made.
pub struct ScopeBuilder<'l, 'a> {
    pub lowerer: &'l mut Lowerer<'a>,
    pub shapes: Vec<Shape<Unnamed>>,
    /// Selection sets that were lowered as if nothing were added to them.
    pub plain: HashSet<NodeId>,
}

impl<'a> ScopeBuilder<'_, 'a> {
    /// Lowers one scope. A selection set that is nothing but a fragment is that fragment.
    pub fn scope(&mut self, parts: &[Part<'a>]) -> ShapeRef {
        let collected = self.collect_all(parts);
        match self.only_spread(&collected) {
            Some(fragment) => ShapeRef::Fragment(fragment),
            None => ShapeRef::Local(self.shape_of(parts, &collected)),
        }
    }

    /// Lowers one scope to a shape of its own.
    pub fn shape(&mut self, parts: &[Part<'a>]) -> ShapeId {
        let collected = self.collect_all(parts);
        self.shape_of(parts, &collected)
    }

    fn shape_of(&mut self, parts: &[Part<'a>], collected: &Collected<'a>) -> ShapeId {
        let mut members: Vec<GroupMembers> =
            (0..collected.groups.len()).map(|group| self.group_members(collected, group)).collect();
        let common = self.split_common(collected, &mut members);
        let owners = parts.iter().map(|part| part.set.owner.id());
        if collected.has_arms {
            self.lowerer.typename.extend(owners);
        } else {
            self.plain.extend(owners.filter(|owner| !self.lowerer.typename.contains(owner)));
        }
        let on_type = parts.first().and_then(|part| part.set.parent).map(ToString::to_string).unwrap_or_default();
        let mut shape =
            Shape { name: Unnamed, renamed: None, derives: Vec::new(), on_type, members: common, arms: None };
        if collected.has_arms {
            shape.arms = Some(self.arms(collected, &shape.members, members));
        }
        self.shapes.push(shape);
        ShapeId(self.shapes.len() - 1)
    }

    fn collect_all(&mut self, parts: &[Part<'a>]) -> Collected<'a> {
        let statics: IndexSet<Name> = parts.iter().filter_map(|part| part.set.parent.cloned()).collect();
        let schema = self.lowerer.schema;
        let object = statics.iter().find(|ty| schema.is_object(ty)).cloned();
        let mut possible = statics.first().map(|ty| schema.types.possible(ty)).unwrap_or_default();
        for ty in statics.iter().skip(1) {
            possible = possible.intersection(&schema.types.possible(ty));
        }
        if let Some(object) = &object {
            possible = schema.types.possible(object);
        }
        let candidates = if object.is_some() { possible.clone() } else { schema.types.objects() };
        let items = collect(self.lowerer, parts, &candidates, statics, object.is_some());
        let held = held_spreads(self.lowerer, &items);
        let groups = group(&items, &possible, object.is_some());
        Collected { has_arms: groups.len() > 1, items, groups, held }
    }

    /// The fragment, if a scope is nothing but one.
    fn only_spread(&self, collected: &Collected<'a>) -> Option<FragmentId> {
        if collected.has_arms {
            return None;
        }
        let mut only = None;
        let mut typename = false;
        for item in &collected.items {
            match &item.what {
                What::Spread { fragment } if item.conditions.is_empty() => {
                    if only.is_some_and(|other| other != *fragment) {
                        return None;
                    }
                    only = Some(*fragment);
                }
                _ if item.key() == Some("__typename") && is_typename(item) && item.conditions.is_empty() => {
                    typename = true;
                }
                _ => return None,
            }
        }
        only.filter(|fragment| !typename || self.lowerer.tells_typename(*fragment))
    }

    /// The fields and spreads that a group sees, merged by response key and by fragment.
    fn group_members(&mut self, collected: &Collected<'a>, group: usize) -> GroupMembers {
        let active = &collected.groups[group].active;
        let mut fields: IndexMap<String, Vec<usize>> = IndexMap::new();
        let mut spreads: IndexMap<FragmentId, Vec<usize>> = IndexMap::new();
        for &at in active {
            let item = &collected.items[at];
            match (&item.what, item.key()) {
                (What::Spread { fragment }, _) => spreads.entry(*fragment).or_default().push(at),
                (_, Some(key)) => fields.entry(key.to_owned()).or_default().push(at),
                (_, None) => {}
            }
        }
        if collected.has_arms {
            fields.shift_remove("__typename");
        }
        GroupMembers {
            fields: fields.into_iter().map(|(key, items)| (key, Selected { items, field: None })).collect(),
            spreads,
        }
    }

    /// Moves what all groups see alike into the common members; what is left is lowered for each.
    fn split_common(&mut self, collected: &Collected<'a>, groups: &mut [GroupMembers]) -> Members<Unnamed> {
        let mut members = Members::default();
        // By key, the groups that have it.
        let mut keys: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (at, group) in groups.iter().enumerate() {
            for key in group.fields.keys() {
                keys.entry(key.clone()).or_default().push(at);
            }
        }
        let mut common: HashSet<String> = HashSet::new();
        // The first item of each common field.
        let mut firsts = Vec::new();
        for (key, holders) in keys {
            let mut known: HashMap<Vec<usize>, Field<Unnamed>> = HashMap::new();
            for &group in &holders {
                let Some(selected) = groups[group].fields.get(&key) else { continue };
                let items = selected.items.clone();
                let field = match known.get(&items) {
                    Some(field) => field.clone(),
                    None => self.field(collected, &key, &items),
                };
                if let Some(selected) = groups[group].fields.get_mut(&key) {
                    selected.field = Some(field.clone());
                }
                known.insert(items, field);
            }
            if holders.len() == groups.len()
                && let Some(field) = self.same_everywhere(groups, &key)
            {
                let items = groups.iter().filter_map(|group| group.fields.get(&key)?.items.first().copied());
                firsts.extend(items.min());
                common.insert(key);
                members.fields.push(field);
            }
        }
        for group in groups.iter_mut() {
            group.fields.retain(|key, _| !common.contains(key));
        }
        self.split_spreads(collected, groups, &mut members, &firsts);
        members
    }

    /// The same for spreads.
    fn split_spreads(
        &self,
        collected: &Collected<'a>,
        groups: &mut [GroupMembers],
        members: &mut Members<Unnamed>,
        firsts: &[usize],
    ) {
        let Some(first) = groups.first() else { return };
        let conditional = |group: &GroupMembers, fragment: &FragmentId| {
            group.spreads.get(fragment).map(|items| is_conditional(collected, items))
        };
        let in_all = first.spreads.keys().filter(|fragment| {
            let in_first = conditional(first, fragment);
            groups.iter().all(|group| conditional(group, fragment) == in_first)
        });
        let common: IndexSet<FragmentId> = in_all.copied().collect();
        for fragment in &common {
            let items: BTreeSet<usize> =
                groups.iter().flat_map(|group| group.spreads[fragment].iter().copied()).collect();
            let items: Vec<usize> = items.into_iter().collect();
            members.spreads.push(self.spread(collected, *fragment, &items, firsts));
        }
        for group in groups.iter_mut() {
            group.spreads.retain(|fragment, _| !common.contains(fragment));
        }
    }

    /// The field, if every group has it with the same type.
    fn same_everywhere(&self, groups: &[GroupMembers], key: &str) -> Option<Field<Unnamed>> {
        let fields: Vec<&Field<Unnamed>> =
            groups.iter().map(|group| group.fields.get(key)?.field.as_ref()).collect::<Option<_>>()?;
        let (first, rest) = fields.split_first()?;
        let same =
            |field: &&Field<Unnamed>| field.conditional == first.conditional && self.same_type(&field.ty, &first.ty);
        // Nothing has to be written for it that every group does not satisfy.
        rest.iter().all(same).then(|| Field { conditions: Vec::new(), ..(*first).clone() })
    }

    /// A field from the items that select it.
    fn field(&mut self, collected: &Collected<'a>, key: &str, items: &[usize]) -> Field<Unnamed> {
        let conditional = is_conditional(collected, items);
        let settings = self.settings(collected, items);
        let mut own_leaf = None;
        let nodes = items.iter().map(|at| &collected.items[*at]);
        let mut ty = None;
        let mut docs = None;
        let mut deprecated = None;
        let mut parts = Vec::new();
        let shared = shared_conditions(collected, items);
        for item in nodes {
            let What::Field(field) = item.what else { continue };
            let SelectedField { field: node, parent } = field;
            let Some((parent, definition)) = parent.zip(field.definition(self.lowerer.schema)) else { continue };
            if node.selection_set.is_empty() {
                // A mapping for the object type says more than one for an interface.
                let mapped = self.lowerer.config.fields.contains_key(&format!("{parent}.{}", node.name));
                let object = self.lowerer.schema.is_object(parent);
                let rank = usize::from(mapped) + usize::from(mapped && object);
                if own_leaf.as_ref().is_none_or(|(_, _, _, best)| rank > *best) {
                    own_leaf = Some((node, parent, definition.ty.inner_named_type(), rank));
                }
            }
            ty = Some(match ty {
                None => definition.ty.clone(),
                Some(other) => stricter(other, &definition.ty),
            });
            if docs.is_none() {
                docs = definition.description.as_ref().map(|text| text.to_string());
                deprecated = deprecation(&definition.directives).map(str::to_owned);
            }
            parts.push(Part {
                set: field.below(Some(definition)),
                conditions: item.conditions.difference(&shared).cloned().collect(),
            });
        }
        let ty = match ty {
            None => Ty::Leaf(Leaf::TypeName),
            Some(_)
                if collected.items[items[0]].key() == Some("__typename") && is_typename(&collected.items[items[0]]) =>
            {
                Ty::Leaf(Leaf::TypeName)
            }
            Some(ty) if self.lowerer.schema.is_composite(ty.inner_named_type()) => {
                let shape = self.scope(&parts);
                self.apply_to_shape(&settings, shape);
                wrap(&ty, Ty::Shape(shape))
            }
            Some(ty) => {
                let is_type_name = items.iter().all(|at| is_typename(&collected.items[*at]));
                self.check_leaf(&settings, is_type_name);
                let set = settings.as_ref().and_then(|(settings, _)| settings.ty.clone());
                let leaf = match (set, own_leaf) {
                    _ if is_type_name => Leaf::TypeName,
                    (Some(ty), _) => Leaf::Rust(ty),
                    (None, Some((node, parent, inner, _))) => self.lowerer.leaf_of_field(node, parent, inner),
                    (None, None) => self.lowerer.leaf(ty.inner_named_type()),
                };
                wrap(&ty, Ty::Leaf(leaf))
            }
        };
        let renamed = settings.and_then(|(settings, _)| settings.rename);
        Field {
            key: key.to_owned(),
            name: Unnamed,
            renamed,
            conditions: arm_names::of_items(self.lowerer.schema, &collected.items, items.iter()),
            ty,
            conditional,
            is_shared: false,
            docs,
            deprecated,
        }
    }

    /// What is set for a field, with the place of a node that it is set for. Of several selections of
    /// one response key, those that say something must say the same.
    fn settings(&mut self, collected: &Collected<'a>, items: &[usize]) -> Settings {
        let mut found: Settings = None;
        for item in items.iter().map(|at| &collected.items[*at]) {
            let What::Field(SelectedField { field: node, .. }) = item.what else { continue };
            let Some(settings) = self.lowerer.overrides.of(node).cloned() else { continue };
            let place = self.lowerer.documents.place(node);
            match &mut found {
                None => found = Some((settings, place)),
                Some((first, first_place)) if *first != settings => {
                    let key = node.alias.as_ref().unwrap_or(&node.name);
                    let message = format!("`{key}` is selected twice here, with different settings");
                    let diagnostic =
                        Diagnostic::error(Code::CONFIG, message).at(place, "").also(*first_place, "and here");
                    self.lowerer.problems.push(diagnostic.help("they are one field in Rust: set it once"));
                }
                Some(_) => {}
            }
        }
        found
    }

    fn apply_to_shape(&mut self, settings: &Settings, shape: ShapeRef) {
        let Some((settings, place)) = settings else { return };
        if settings.ty.is_some() {
            let diagnostic = Diagnostic::error(Code::CONFIG, "`type` cannot be set for a field with a selection set");
            self.lowerer.problems.push(diagnostic.at(*place, "").help("`type_name` gives its struct another name"));
        }
        match shape {
            ShapeRef::Local(shape) => {
                self.shapes[shape].renamed.clone_from(&settings.type_name);
                self.derive(shape, &settings.derives);
            }
            ShapeRef::Fragment(_) if settings.type_name.is_some() || !settings.derives.is_empty() => {
                let diagnostic =
                    Diagnostic::error(Code::CONFIG, "the type of this field is that of the fragment").at(*place, "");
                self.lowerer.problems.push(diagnostic.help("set `rename` or `derives` for the fragment"));
            }
            ShapeRef::Fragment(_) => {}
        }
    }

    /// Gives derives to a shape and to all below it: a struct cannot derive what its fields do not have.
    fn derive(&mut self, shape: ShapeId, derives: &[String]) {
        if derives.is_empty() {
            return;
        }
        let shape = &mut self.shapes[shape];
        shape.derives.extend(derives.iter().cloned());
        let of_arms = shape.arms.iter().flat_map(|arms| arms.payloads().map(|payload| payload.members()));
        let members = of_arms.chain([shape.members.clone()]);
        let below: BTreeSet<ShapeId> =
            members.flat_map(|members| members.fields).filter_map(|field| field.ty.local()).collect();
        for shape in below {
            self.derive(shape, derives);
        }
    }

    fn check_leaf(&mut self, settings: &Settings, is_type_name: bool) {
        let Some((settings, place)) = settings else { return };
        if is_type_name && settings.ty.is_some() {
            let message = "`type` cannot be set for `__typename`";
            self.lowerer.problems.push(Diagnostic::error(Code::CONFIG, message).at(*place, ""));
        }
        if settings.type_name.is_some() || !settings.derives.is_empty() {
            let message = "`type_name` and `derives` can only be set for a field with a selection set";
            self.lowerer.problems.push(Diagnostic::error(Code::CONFIG, message).at(*place, ""));
        }
    }

    /// A spread from its items; `fields` are the first items of the fields beside it.
    fn spread(
        &self,
        collected: &Collected<'a>,
        fragment: FragmentId,
        items: &[usize],
        fields: &[usize],
    ) -> Spread<Unnamed> {
        let first = items.first().copied().unwrap_or_default();
        let fields_before = fields.iter().filter(|field| **field < first).count();
        Spread {
            fragment,
            name: Unnamed,
            renamed: items.iter().find_map(|at| collected.items[*at].renamed.clone()),
            conditional: is_conditional(collected, items),
            held_by: collected.held.get(&fragment).copied(),
            fields_before,
            proofs: Vec::new(),
        }
    }

    fn arms(
        &mut self,
        collected: &Collected<'a>,
        common: &Members<Unnamed>,
        members: Vec<GroupMembers>,
    ) -> Arms<Unnamed> {
        let is_alone = common.fields.is_empty() && common.spreads.is_empty();
        let place = if is_alone { ArmsPlace::Alone } else { ArmsPlace::Inside { name: Unnamed } };
        let conditions: Vec<Vec<String>> = collected.groups[..members.len() - 1]
            .iter()
            .map(|group| arm_names::of_group(self.lowerer.schema, &collected.items, group))
            .collect();
        let mut payloads: Vec<Payload<Unnamed>> = Vec::new();
        for (at, group) in members.into_iter().enumerate() {
            let firsts: Vec<usize> = group.fields.values().filter_map(|one| one.items.first().copied()).collect();
            let fields = group.fields.into_values().filter_map(|selected| selected.field).collect();
            let spreads = group.spreads.into_iter();
            let spreads = spreads.map(|(fragment, items)| self.spread(collected, fragment, &items, &firsts)).collect();
            // Of which types there are several is not for the schema of today to say.
            let tells_type = conditions.get(at).is_some_and(|conditions| self.is_one_object(conditions));
            let tag = if tells_type { Tag::Known } else { Tag::Field };
            payloads.push(payload(Members { fields, spreads }, tag));
        }
        let other = payloads.pop().unwrap_or(Payload::TypeName);
        let arms =
            payloads.into_iter().zip(&collected.groups).zip(conditions).map(|((payload, group), conditions)| Arm {
                variant: Unnamed,
                conditions,
                types: (group.types.iter().chain(&group.later))
                    .map(|ty| self.lowerer.schema.types.object(*ty).to_string())
                    .collect(),
                payload,
            });
        let arms = arms.collect();
        Arms { place, arms, other }
    }

    /// True if some conditions leave one object type, whatever types come to the schema.
    fn is_one_object(&self, conditions: &[String]) -> bool {
        matches!(conditions, [only] if self.lowerer.schema.types.is_object(only))
    }

    /// Structural equality of types of this definition: names and places do not count.
    pub fn same_type(&self, left: &Ty, right: &Ty) -> bool {
        match (left, right) {
            (Ty::Nullable(left), Ty::Nullable(right)) | (Ty::List(left), Ty::List(right)) => {
                self.same_type(left, right)
            }
            (Ty::Leaf(left), Ty::Leaf(right)) => left == right,
            (Ty::Shape(ShapeRef::Local(left)), Ty::Shape(ShapeRef::Local(right))) => {
                left == right || self.same_shape(&self.shapes[*left], &self.shapes[*right])
            }
            (Ty::Shape(left), Ty::Shape(right)) => left == right,
            _ => false,
        }
    }

    fn same_shape(&self, left: &Shape<Unnamed>, right: &Shape<Unnamed>) -> bool {
        let arms = match (&left.arms, &right.arms) {
            (None, None) => true,
            (Some(left), Some(right)) => {
                let same_arm = |(left, right): (&Arm<Unnamed>, &Arm<Unnamed>)| {
                    left.types == right.types && self.same_payload(&left.payload, &right.payload)
                };
                left.arms.len() == right.arms.len()
                    && left.arms.iter().zip(&right.arms).all(same_arm)
                    && self.same_payload(&left.other, &right.other)
            }
            _ => false,
        };
        arms && left.on_type == right.on_type && self.same_members(&left.members, &right.members)
    }

    fn same_payload(&self, left: &Payload<Unnamed>, right: &Payload<Unnamed>) -> bool {
        std::mem::discriminant(left) == std::mem::discriminant(right)
            && self.same_members(&left.members(), &right.members())
    }

    fn same_members(&self, left: &Members<Unnamed>, right: &Members<Unnamed>) -> bool {
        let same_spread = |(left, right): (&Spread<Unnamed>, &Spread<Unnamed>)| {
            (left.fragment, left.conditional, left.held_by, &left.renamed)
                == (right.fragment, right.conditional, right.held_by, &right.renamed)
        };
        left.fields.len() == right.fields.len()
            && left.spreads.len() == right.spreads.len()
            && left.spreads.iter().zip(&right.spreads).all(same_spread)
            && left.fields.iter().zip(&right.fields).all(|(left, right)| {
                left.key == right.key && left.conditional == right.conditional && self.same_type(&left.ty, &right.ty)
            })
    }
}

/// Groups of types that see the same items: of the types that the value can be, then of those that it
/// may become.
fn group(items: &[Item<'_>], possible: &TypeSet, object: bool) -> Vec<Group> {
    let everything = 0..items.len();
    if object {
        let active = everything.collect();
        return vec![Group { types: possible.iter().collect(), later: Vec::new(), active }];
    }
    let (always, telling): (Vec<usize>, Vec<usize>) = everything.partition(|at| items[*at].always);
    let mut groups: IndexMap<Vec<usize>, (Vec<usize>, Vec<usize>)> = IndexMap::new();
    let types: BTreeSet<usize> = telling.iter().flat_map(|at| items[*at].types.iter()).collect();
    for ty in types {
        let seen = telling.iter().copied().filter(|at| items[*at].types.contains(ty)).collect();
        let (today, later) = groups.entry(seen).or_default();
        if possible.contains(ty) { today.push(ty) } else { later.push(ty) }
    }
    groups.sort_unstable_by(|left, (today, _), right, (other, _)| {
        (today.is_empty(), left).cmp(&(other.is_empty(), right))
    });
    let known: TypeSet = groups.values().flat_map(|(today, _)| today.iter().copied()).collect();
    let rest = possible.iter().filter(|ty| !known.contains(*ty)).collect();
    let arms = groups.into_iter().map(|(seen, (types, later))| Group {
        types,
        later,
        active: always.iter().copied().chain(seen).collect(),
    });
    let rest = Group { types: rest, later: Vec::new(), active: always.iter().copied().collect() };
    arms.chain([rest]).collect()
}

/// What one group of types sees.
pub struct GroupMembers {
    fields: IndexMap<String, Selected>,
    spreads: IndexMap<FragmentId, Vec<usize>>,
}

/// What is set for a field, and the place of a selection that it is set for.
type Settings = Option<(Override, Option<Span>)>;

struct Selected {
    items: Vec<usize>,
    field: Option<Field<Unnamed>>,
}

fn payload(members: Members<Unnamed>, tag: Tag) -> Payload<Unnamed> {
    match (members.fields.as_slice(), members.spreads.as_slice(), tag) {
        ([], [], Tag::Known) => Payload::Unit,
        ([], [], Tag::Field) => Payload::TypeName,
        ([], [spread], Tag::Known) if !spread.conditional => Payload::Fragment(spread.clone()),
        _ => Payload::Struct { name: Unnamed, tag, members },
    }
}

fn is_typename(item: &Item<'_>) -> bool {
    match &item.what {
        What::Typename => true,
        What::Field(field) => field.field.name == "__typename",
        What::Spread { .. } => false,
    }
}

/// A merged selection is left out of a response only if every selection of it may be.
fn is_conditional(collected: &Collected<'_>, items: &[usize]) -> bool {
    items.iter().all(|at| !collected.items[*at].conditions.is_empty())
}

/// The conditions that hold whenever the field is there: those of all its selections.
fn shared_conditions(collected: &Collected<'_>, items: &[usize]) -> Conditions {
    let mut all = items.iter().map(|at| &collected.items[*at].conditions);
    let first = all.next().cloned().unwrap_or_default();
    all.fold(first, |shared, conditions| shared.intersection(conditions).cloned().collect())
}

/// The type with the nulls that both types allow: a merged value is what each selection says.
fn stricter(left: ast::Type, right: &ast::Type) -> ast::Type {
    use ast::Type::{List, Named, NonNullList, NonNullNamed};
    match (left, right) {
        (Named(name), NonNullNamed(_)) => NonNullNamed(name),
        (List(inner), NonNullList(other)) => NonNullList(Box::new(stricter(*inner, other))),
        (List(inner), List(other)) => List(Box::new(stricter(*inner, other))),
        (NonNullList(inner), List(other) | NonNullList(other)) => NonNullList(Box::new(stricter(*inner, other))),
        (left, _) => left,
    }
}

/// The lists and nulls of a GraphQL type around a Rust type.
pub fn wrap(ty: &ast::Type, leaf: Ty) -> Ty {
    match ty {
        ast::Type::Named(_) => Ty::Nullable(Box::new(leaf)),
        ast::Type::NonNullNamed(_) => leaf,
        ast::Type::List(inner) => Ty::Nullable(Box::new(Ty::List(Box::new(wrap(inner, leaf))))),
        ast::Type::NonNullList(inner) => Ty::List(Box::new(wrap(inner, leaf))),
    }
}
