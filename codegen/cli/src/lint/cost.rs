//! The cost of operations, by models that servers publish.
//!
//! Sources: GitHub, "Rate limits and node limits for the GraphQL API"; Shopify, "GraphQL Admin API rate limits";
//! IBM, "GraphQL Cost Directives Specification" (`@cost`, `@listSize`), which is read from the schema.

use super::context::Cx;
use crate::convention::connection;
use crate::query::{FragmentId, Selected, SelectedField, SelectionSet};
use apollo_compiler::ast::{Field, FieldDefinition, OperationDefinition, OperationType, Value};
use apollo_compiler::{Name, Node};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// The cost models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Models {
    /// Nodes: every connection counts the product of the page sizes on its path.
    Github,
    /// Points of the hourly rate limit: requests that connections cause, divided by 100.
    GithubPoints,
    /// Points: objects 1, leaves 0, mutations 10, connections by the size of the page.
    Shopify,
    /// Objects 1 and leaves 0 unless `weights` says otherwise; includes `@cost` and `@listSize` of the schema.
    Weights,
}

/// A model with its numbers.
#[derive(Debug)]
pub struct Model<'w> {
    which: Models,
    weights: &'w BTreeMap<String, f64>,
    page: f64,
    list: f64,
}

/// The cost of an operation.
#[derive(Debug, Default, Clone)]
pub struct Cost {
    /// The total in the unit of the model.
    pub total: f64,
    /// The most expensive path, if it contains lists.
    pub dominating: Option<Way>,
    /// Whether a page size was assumed.
    pub is_assumed: bool,
    /// The maximum number of objects in connections, whatever the model.
    pub nodes: f64,
}

/// A path through lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// `repositories 50 × issues 10`
    pub factors: String,
    /// The cost at its end.
    pub cost: f64,
}

struct Walk<'m, 'c, 'a> {
    model: &'m Model<'m>,
    cx: &'c Cx<'a>,
    operation: &'a OperationDefinition,
    /// The cost of each fragment for one occurrence. Fragments are walked once, even if they are spread repeatedly.
    fragments: HashMap<FragmentId, Part>,
    way: Vec<(String, f64)>,
    part: Part,
}

/// The cost so far of an operation or a fragment.
#[derive(Debug, Default)]
struct Part {
    /// The cost of its selection set; known at the end.
    sum: f64,
    nodes: f64,
    requests: f64,
    dominating: Option<Way>,
    is_assumed: bool,
    /// The cost of lists inside each enclosing list; the first entry is for those outside all lists.
    inner: Vec<f64>,
}

/// An upper bound that avoids overflow: fragments can double the cost at every level.
const MOST: f64 = 1e18;

impl<'w> Model<'w> {
    /// Creates a model; missing numbers are the defaults of the model.
    pub fn new(which: Models, weights: &'w BTreeMap<String, f64>, page: Option<f64>, list: Option<f64>) -> Self {
        Self { which, weights, page: page.unwrap_or(100.0), list: list.unwrap_or(10.0) }
    }

    /// Returns the unit of its numbers.
    pub fn unit(&self) -> &'static str {
        match self.which {
            Models::Github => "nodes",
            _ => "points",
        }
    }

    /// Returns the budget that the server publishes.
    pub fn usual_max(&self) -> f64 {
        match self.which {
            Models::Github => 500_000.0,
            Models::GithubPoints => 5_000.0,
            Models::Shopify | Models::Weights => 1_000.0,
        }
    }

    /// Returns the cost of an operation.
    pub fn of<'a>(&self, cx: &Cx<'a>, operation: &'a Node<OperationDefinition>) -> Cost {
        let mut walk =
            Walk { model: self, cx, operation, fragments: HashMap::new(), way: Vec::new(), part: Part::default() };
        for id in cx.documents.bottom_up(&operation.selection_set) {
            let part = walk.part(SelectionSet::of_fragment(&cx.documents.fragment(id).definition));
            walk.fragments.insert(id, part);
        }
        let base = match (self.which, operation.operation_type) {
            (Models::Shopify, OperationType::Mutation) => 10.0,
            _ => 0.0,
        };
        let Part { sum, nodes, requests, dominating, is_assumed, .. } =
            walk.part(SelectionSet::of_operation(cx.schema, operation));
        let total = match self.which {
            Models::Github => nodes,
            Models::GithubPoints => (requests / 100.0).round().max(1.0),
            Models::Shopify | Models::Weights => base + sum,
        };
        Cost { total, dominating, is_assumed, nodes }
    }

    fn weight(&self, cx: &Cx<'_>, parent: &str, of: &FieldDefinition) -> f64 {
        let ty = of.ty.inner_named_type().as_str();
        let set = self.weights.get(&format!("{parent}.{}", of.name)).or_else(|| self.weights.get(ty));
        let written = || {
            let directive = of.directives.get("cost")?;
            let value = directive.specified_argument_by_name("weight")?;
            value.as_str().and_then(|text| text.parse().ok()).or_else(|| value.to_f64())
        };
        let usual = if cx.schema.is_composite(ty) { 1.0 } else { 0.0 };
        set.copied().or_else(written).unwrap_or(usual)
    }
}

impl<'a> Walk<'_, '_, 'a> {
    /// Walks the selection set of a definition.
    fn part(&mut self, set: SelectionSet<'a>) -> Part {
        self.part = Part { inner: vec![0.0], ..Part::default() };
        self.part.sum = self.set(set, 1.0).min(MOST);
        std::mem::take(&mut self.part)
    }

    /// Returns the cost of a selection set that occurs a number of times.
    fn set(&mut self, set: SelectionSet<'a>, times: f64) -> f64 {
        let mut sum = 0.0;
        // Of alternative types, the most expensive counts.
        let mut dearest: f64 = 0.0;
        for selected in set.members() {
            match selected {
                Selected::Field(field) => sum += self.field(field, times),
                Selected::Inline { inline, below } => {
                    let cost = self.set(below, times);
                    self.add(set.parent, inline.type_condition.as_ref(), cost, &mut sum, &mut dearest);
                }
                Selected::Spread(spread) => {
                    let id = self.cx.documents.resolve(spread).ok();
                    let Some((id, cost)) = id.and_then(|id| Some((id, self.spread(id, times)?))) else { continue };
                    let condition = &self.cx.documents.fragment(id).definition.type_condition;
                    self.add(set.parent, Some(condition), cost, &mut sum, &mut dearest);
                }
            }
        }
        sum + dearest
    }

    /// Counts a fragment that occurs a number of times.
    fn spread(&mut self, id: FragmentId, times: f64) -> Option<f64> {
        let part = self.fragments.get(&id)?;
        let sum = part.sum * times;
        self.part.nodes = (self.part.nodes + part.nodes * times).min(MOST);
        self.part.requests = (self.part.requests + part.requests * times).min(MOST);
        self.part.is_assumed |= part.is_assumed;
        if let Some(inner) = self.part.inner.last_mut() {
            *inner += part.inner.iter().sum::<f64>() * times;
        }
        if let Some(Way { factors, cost }) = part.dominating.clone() {
            self.compare(Some(factors), cost * times);
        }
        Some(sum)
    }

    fn add(&self, parent: Option<&Name>, condition: Option<&Name>, cost: f64, sum: &mut f64, dearest: &mut f64) {
        let narrows = match (parent, condition) {
            (Some(parent), Some(condition)) => !self.cx.schema.types.always(parent, condition),
            _ => false,
        };
        if narrows {
            *dearest = dearest.max(cost);
        } else {
            *sum += cost;
        }
    }

    fn field(&mut self, selected: SelectedField<'a>, times: f64) -> f64 {
        let SelectedField { field, parent } = selected;
        let Some((parent, of)) = parent.zip(selected.definition(self.cx.schema)) else { return 0.0 };
        if self.cx.schema.is_client_field(Some(parent), field) {
            return 0.0;
        }
        let own = self.model.weight(self.cx, parent, of);
        let length = self.length(field, of);
        let mut below = times;
        if let Some(length) = length {
            below *= length;
            self.way.push((field.response_name().to_string(), length));
            if super::rules::is_connection(self.cx, of) {
                self.part.nodes += below;
                self.part.requests += times;
            }
            self.part.inner.push(0.0);
        }
        let is_connection = super::rules::is_connection(self.cx, of);
        let inside = self.set(selected.below(Some(of)), below);
        // The page size of the connection already counts these lists.
        let is_wrapper =
            connection::is_connection_name(parent) && [connection::EDGES, connection::PAGE_INFO.0].contains(&&*of.name);
        let own = if is_wrapper { 0.0 } else { own };
        let count = if is_connection { times } else { below };
        let total = own * count + inside;
        if length.is_some() {
            let lists = self.part.inner.pop().unwrap_or_default();
            if let Some(outer) = self.part.inner.last_mut() {
                *outer += total;
            }
            let cost = match self.model.which {
                Models::Github => below,
                Models::GithubPoints => times / 100.0,
                Models::Shopify | Models::Weights => total - lists,
            };
            self.compare(None, cost);
            self.way.pop();
        }
        total
    }

    /// Records the current path, possibly continued into a fragment, if it is the most expensive so far.
    fn compare(&mut self, further: Option<String>, cost: f64) {
        if self.part.dominating.as_ref().is_none_or(|way| cost > way.cost) {
            let factors = self.way.iter().map(|(name, length)| format!("{name} {length:.0}")).chain(further);
            let factors = factors.collect::<Vec<_>>().join(" × ");
            self.part.dominating = Some(Way { factors, cost: cost.min(MOST) });
        }
    }

    /// Returns the assumed length of a list field; `None` for other fields, or if the connection around it sets the
    /// size.
    fn length(&mut self, field: &Field, of: &FieldDefinition) -> Option<f64> {
        let argument = |name: &str| super::rules::argument_of(field, name);
        if super::rules::is_connection(self.cx, of) {
            let size = super::rules::sizes(field).next();
            return Some(match size {
                Some(size) => self.size(&size.value),
                None => self.assumed(self.model.page),
            });
        }
        if !of.ty.is_list()
            || connection::is_page_list(&of.name)
            || !self.cx.schema.is_composite(of.ty.inner_named_type())
        {
            return None;
        }
        if let Some(directive) = of.directives.get("listSize") {
            let slicing = directive.specified_argument_by_name("slicingArguments").and_then(|value| value.as_list());
            let names = slicing.into_iter().flatten().filter_map(|value| value.as_str());
            let given = names.filter_map(argument).map(|argument| self.size(&argument.value)).reduce(f64::max);
            let assumed = directive.specified_argument_by_name("assumedSize").and_then(|value| value.to_f64());
            if let Some(size) = given.or(assumed) {
                return Some(size);
            }
        }
        match ["first", "last", "limit"].iter().find_map(|name| argument(name)) {
            Some(size) => Some(self.size(&size.value)),
            None if self.model.which == Models::Weights => Some(self.assumed(self.model.list)),
            None => None,
        }
    }

    fn size(&mut self, value: &Value) -> f64 {
        let number = match value {
            Value::Variable(name) => {
                let variable = self.operation.variables.iter().find(|variable| variable.name == *name);
                variable.and_then(|variable| variable.default_value.as_ref()).and_then(|value| value.to_f64())
            }
            value => value.to_f64(),
        };
        number.unwrap_or_else(|| self.assumed(self.model.page))
    }

    fn assumed(&mut self, size: f64) -> f64 {
        self.part.is_assumed = true;
        size
    }
}
