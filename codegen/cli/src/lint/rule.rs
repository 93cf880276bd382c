//! Rules: their metadata, options, and the nodes that they visit.

use super::cases::Case;
use super::context::{Cx, Place};
use super::project::{Index, Uses};
use super::type_system::definition::{Element, TypeDefinition};
use super::type_system::walk::SchemaContext;
use crate::diagnostic::Diagnostic;
use crate::query::SelectionSet;
use apollo_compiler::Node;
use apollo_compiler::ast::{
    Argument, Directive, EnumValueDefinition, Field, FieldDefinition, FragmentDefinition, FragmentSpread,
    InlineFragment, InputValueDefinition, OperationDefinition, Value,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// The level of a rule's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule is not run.
    #[serde(alias = "allow")]
    Off,
    /// Reported; never fails a run.
    Info,
    /// Reported; fails a run only if requested.
    #[serde(alias = "warning")]
    Warn,
    /// Fails the run.
    #[serde(alias = "deny")]
    Error,
}

/// The category of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Violations of the specification.
    Validity,
    /// Code that is most likely a mistake.
    Correctness,
    /// Code that works, but not for long or not always.
    Suspicious,
    /// Code that costs the server or the client more than necessary.
    Performance,
    /// Matters of taste.
    Style,
    /// Restrictions for some projects.
    Restriction,
    /// Comments and settings of the linter itself.
    Meta,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 7] = [
        Self::Validity,
        Self::Correctness,
        Self::Suspicious,
        Self::Performance,
        Self::Style,
        Self::Restriction,
        Self::Meta,
    ];

    /// Returns the name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Validity => "validity",
            Self::Correctness => "correctness",
            Self::Suspicious => "suspicious",
            Self::Performance => "performance",
            Self::Style => "style",
            Self::Restriction => "restriction",
            Self::Meta => "meta",
        }
    }

    /// Returns a description of the category.
    pub fn about(self) -> &'static str {
        match self {
            Self::Validity => "rules of the specification",
            Self::Correctness => "code that is most likely a mistake",
            Self::Suspicious => "code that works, but not for long or not always",
            Self::Performance => "code that costs the server or the client more than necessary",
            Self::Style => "matters of taste",
            Self::Restriction => "restrictions for some projects",
            Self::Meta => "comments and settings of the linter itself",
        }
    }
}

/// The files that a rule checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reads {
    /// Operations and fragments.
    Documents,
    /// SDL files of the schema.
    Schema,
    /// Both.
    Both,
}

/// Whether findings have a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fixable {
    /// No fix.
    No,
    /// `--fix` fixes them.
    Safe,
    /// `--fix --unsafe-fixes` fixes them.
    Unsafe,
}

/// Rule metadata. The examples are documents against the schema of the rule
/// pages; the tests run them.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// The name in configurations and comments.
    pub name: &'static str,
    /// The category.
    pub category: Category,
    /// The files that the rule checks.
    pub reads: Reads,
    /// The level in the preset `recommended`; see [`super::presets`] for the others.
    pub recommended: Level,
    /// The level if a configuration turns the rule on without one.
    pub usual: Level,
    /// Whether findings have a fix.
    pub fixable: Fixable,
    /// The names of the rule in other tools.
    pub known_as: &'static [&'static str],
    /// One sentence: what the rule finds.
    pub what: &'static str,
    /// The reason why it matters.
    pub why: &'static str,
    /// A document with a finding; lines `## file: NAME` separate several files.
    pub bad: &'static str,
    /// A document without a finding.
    pub good: &'static str,
    /// The options for the examples, as TOML.
    pub options: &'static str,
}

impl Meta {
    /// Creates the metadata of a rule that is off by default.
    pub const fn new(name: &'static str, category: Category) -> Self {
        Self {
            name,
            category,
            reads: Reads::Documents,
            recommended: Level::Off,
            usual: Level::Warn,
            fixable: Fixable::No,
            known_as: &[],
            what: "",
            why: "",
            bad: "",
            good: "",
            options: "",
        }
    }

    /// Parses an example of the rule; inline options apply to all of its examples.
    pub fn case(&self, example: &'static str) -> Case<'static> {
        let case = Case::parse(example, self.reads);
        if self.options.is_empty() { case } else { Case { options: self.options, ..case } }
    }

    /// Returns the URL of the rule page.
    pub fn url(&self) -> String {
        format!("{RULE_PAGES}/{}.md", self.name)
    }
}

/// The URL of the rule pages.
pub const RULE_PAGES: &str = "https://github.com/graphwright/graphwright/blob/main/docs/rules";

/// A rule: its options, and a method for each kind of node that it visits. The default methods
/// do nothing. All rules run in one walk over a file, in the order of the text.
pub trait Rule: Debug + Send + Sync {
    /// Visits a file, before its definitions.
    fn file(&self, _cx: &Cx<'_>) {}

    /// Visits an operation.
    fn operation<'a>(&self, _cx: &Cx<'a>, _operation: &'a Node<OperationDefinition>) {}

    /// Visits a fragment.
    fn fragment<'a>(&self, _cx: &Cx<'a>, _fragment: &'a Node<FragmentDefinition>) {}

    /// Visits a selection set, before its selections.
    fn set<'a>(&self, _cx: &Cx<'a>, _set: &SelectionSet<'a>) {}

    /// Visits a field; the definition is `None` if the schema does not have it.
    fn field<'a>(&self, _cx: &Cx<'a>, _field: &'a Node<Field>, _of: Option<&'a FieldDefinition>, _place: &Place<'a>) {}

    /// Visits a fragment spread.
    fn spread<'a>(&self, _cx: &Cx<'a>, _spread: &'a Node<FragmentSpread>, _place: &Place<'a>) {}

    /// Visits an inline fragment.
    fn inline<'a>(&self, _cx: &Cx<'a>, _inline: &'a Node<InlineFragment>, _place: &Place<'a>) {}

    /// Visits a directive.
    fn directive<'a>(&self, _cx: &Cx<'a>, _directive: &'a Node<Directive>) {}

    /// Visits an argument of a field or directive.
    fn argument<'a>(&self, _cx: &Cx<'a>, _argument: &'a Node<Argument>, _of: Option<&'a InputValueDefinition>) {}

    /// Visits a field of an input object literal, by its name there.
    fn input_field<'a>(&self, _cx: &Cx<'a>, _name: &'a apollo_compiler::Name, _of: &'a InputValueDefinition) {}

    /// Visits a literal enum value.
    fn enum_value<'a>(&self, _cx: &Cx<'a>, _name: &'a apollo_compiler::Name, _of: &'a EnumValueDefinition) {}

    /// For rules of the specification: returns whether a violation counts.
    fn keeps(&self, _found: &Diagnostic, _sources: &crate::source::Sources) -> bool {
        true
    }

    /// Returns the part of the rule that checks SDL files of the schema; `None` if the rule or its options concern only
    /// documents. If no rule has one, these files are not parsed.
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        None
    }

    /// Checks the whole project, once a run, by names only, so that files need not be parsed.
    fn project(&self, _index: &Index, _uses: &Uses, _found: &mut Vec<Diagnostic>) {}
}

/// The part of a rule that checks SDL files. All rules share one walk over a file, in the order of the text; the
/// default methods do nothing.
pub trait SchemaRule {
    /// Visits a file, before its definitions.
    fn file(&self, _cx: &SchemaContext<'_>) {}

    /// Visits a definition or an extension.
    fn definition<'a>(&self, _cx: &SchemaContext<'a>, _definition: &'a TypeDefinition<'a>) {}

    /// Visits a field of an object or interface.
    fn field<'a>(&self, _cx: &SchemaContext<'a>, _of: &'a TypeDefinition<'a>, _field: &'a Node<FieldDefinition>) {}

    /// Visits a node that can have a description and directives: a definition, a field, an argument, an input field or
    /// an enum value.
    fn element<'a>(&self, _cx: &SchemaContext<'a>, _element: &Element<'a>) {}

    /// Visits a directive that is applied to an element.
    fn directive<'a>(&self, _cx: &SchemaContext<'a>, _on: &Element<'a>, _directive: &'a Node<Directive>) {}

    /// Visits the default value of an argument or input field.
    fn default_value<'a>(&self, _cx: &SchemaContext<'a>, _of: &Element<'a>, _value: &'a Value) {}
}

/// An entry in the list of all rules.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The metadata.
    pub meta: Meta,
    /// Returns the JSON Schema of its options, if it has any.
    pub options: fn() -> Option<schemars::Schema>,
    /// Creates the rule from its options.
    pub build: fn(serde_json::Value) -> Result<Box<dyn Rule>, String>,
    /// Whether it is a rule of the specification, which `validate` checks instead.
    pub is_validity: bool,
}

/// Returns a rule whose options are its fields.
pub const fn entry<R: Rule + Default + DeserializeOwned + JsonSchema + 'static>(meta: Meta) -> Entry {
    Entry {
        meta,
        options: || {
            let schema = schemars::schema_for!(R);
            let properties = schema.get("properties").and_then(|properties| properties.as_object());
            properties.is_some_and(|properties| !properties.is_empty()).then_some(schema)
        },
        build: |options| {
            let rule: Result<R, _> = serde_json::from_value(options);
            rule.map(|rule| Box::new(rule) as Box<dyn Rule>).map_err(|error| error.to_string())
        },
        is_validity: false,
    }
}
