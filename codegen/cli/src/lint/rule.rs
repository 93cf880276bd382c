//! What a rule is: what is said about it, its options, and the places where it looks.

use super::cases::Case;
use super::context::{Cx, Place, Set};
use super::project::{Index, Uses};
use super::type_system::definition::{Element, TypeDefinition};
use super::type_system::walk::SchemaContext;
use crate::diagnostic::Diagnostic;
use apollo_compiler::Node;
use apollo_compiler::ast::{
    Argument, Directive, EnumValueDefinition, Field, FieldDefinition, FragmentDefinition, FragmentSpread,
    InlineFragment, InputValueDefinition, OperationDefinition, Value,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// How much findings of a rule matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule is not run.
    #[serde(alias = "allow")]
    Off,
    /// Said; never fails a run.
    Info,
    /// Said; fails a run only if asked.
    #[serde(alias = "warning")]
    Warn,
    /// Fails the run.
    #[serde(alias = "deny")]
    Error,
}

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// The specification forbids it.
    Validity,
    /// It is most likely a mistake.
    Correctness,
    /// It works, and will not for long, or not always.
    Suspicious,
    /// It costs the server or the client more than it needs to.
    Performance,
    /// A matter of taste.
    Style,
    /// A restriction that some projects want.
    Restriction,
    /// About the comments and settings of the linter itself.
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

    /// The name on the command line and in reports.
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

    /// What its rules have in common.
    pub fn about(self) -> &'static str {
        match self {
            Self::Validity => "rules of the specification",
            Self::Correctness => "code that is most likely a mistake",
            Self::Suspicious => "code that works, but not for long or not always",
            Self::Performance => "code that costs the server or the client more than necessary",
            Self::Style => "matters of taste",
            Self::Restriction => "restrictions that some projects want",
            Self::Meta => "comments and settings of the linter itself",
        }
    }
}

/// Which files a rule looks at.
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

/// Whether findings come with a fix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fixable {
    /// They do not.
    No,
    /// `--fix` mends them.
    Safe,
    /// `--fix --unsafe-fixes` mends them.
    Unsafe,
}

/// Everything that is said about a rule. The examples are documents against the schema of the rule
/// pages; the tests run them.
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// Its name, in configurations and comments.
    pub name: &'static str,
    /// What it is about.
    pub category: Category,
    /// The files that it looks at.
    pub reads: Reads,
    /// Its level in the preset `recommended`; see [`super::presets`] for the others.
    pub recommended: Level,
    /// Its level when a configuration only turns it on, without one.
    pub usual: Level,
    /// Whether findings come with a fix.
    pub fixable: Fixable,
    /// The same rule of other tools.
    pub known_as: &'static [&'static str],
    /// What it finds: one sentence.
    pub what: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// A document with a finding; several files are parted by lines `## file: NAME`.
    pub bad: &'static str,
    /// One without.
    pub good: &'static str,
    /// Options under which the examples hold, as TOML.
    pub options: &'static str,
}

impl Meta {
    /// A rule that is off unless asked for.
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

    /// An example of it; inline options count for all of its examples.
    pub fn case(&self, example: &'static str) -> Case<'static> {
        let case = Case::parse(example, self.reads);
        if self.options.is_empty() { case } else { Case { options: self.options, ..case } }
    }

    /// Where its page is.
    pub fn url(&self) -> String {
        format!("{RULE_PAGES}/{}.md", self.name)
    }
}

/// Where rule pages are.
pub const RULE_PAGES: &str = "https://github.com/graphwright/graphwright/blob/main/docs/rules";

/// A rule: its options, and functions for the places that it looks at. A function that a rule does
/// not have does nothing. All run in one walk over a file, in the order of the text.
pub trait Rule: Debug + Send + Sync {
    /// A file, before its definitions.
    fn file(&self, _cx: &Cx<'_>) {}

    /// An operation.
    fn operation<'a>(&self, _cx: &Cx<'a>, _operation: &'a Node<OperationDefinition>) {}

    /// A fragment.
    fn fragment<'a>(&self, _cx: &Cx<'a>, _fragment: &'a Node<FragmentDefinition>) {}

    /// A selection set, before what is in it.
    fn set<'a>(&self, _cx: &Cx<'a>, _set: &Set<'a>) {}

    /// A field; the definition is unknown where it is not in the schema.
    fn field<'a>(&self, _cx: &Cx<'a>, _field: &'a Node<Field>, _of: Option<&'a FieldDefinition>, _place: &Place<'a>) {}

    /// A spread.
    fn spread<'a>(&self, _cx: &Cx<'a>, _spread: &'a Node<FragmentSpread>, _place: &Place<'a>) {}

    /// An inline fragment.
    fn inline<'a>(&self, _cx: &Cx<'a>, _inline: &'a Node<InlineFragment>, _place: &Place<'a>) {}

    /// A directive.
    fn directive<'a>(&self, _cx: &Cx<'a>, _directive: &'a Node<Directive>) {}

    /// An argument of a field or directive.
    fn argument<'a>(&self, _cx: &Cx<'a>, _argument: &'a Node<Argument>, _of: Option<&'a InputValueDefinition>) {}

    /// A field of an input object literal, by its name there.
    fn input_field<'a>(&self, _cx: &Cx<'a>, _name: &'a apollo_compiler::Name, _of: &'a InputValueDefinition) {}

    /// A literal enum value.
    fn enum_value<'a>(&self, _cx: &Cx<'a>, _name: &'a apollo_compiler::Name, _of: &'a EnumValueDefinition) {}

    /// Of a rule of the specification: whether a violation counts.
    fn keeps(&self, _found: &Diagnostic, _sources: &crate::source::Sources) -> bool {
        true
    }

    /// The part of the rule that looks at SDL files of the schema; `None` for rules, or options of rules, about documents
    /// alone. If no rule has one, these files are not parsed.
    fn on_schema(&self) -> Option<&dyn SchemaRule> {
        None
    }

    /// Everything, once a run: only by names, so that files need not be parsed.
    fn project(&self, _index: &Index, _uses: &Uses, _found: &mut Vec<Diagnostic>) {}
}

/// What a rule listens to in SDL files. All rules share one walk over a file, in the order of the text; a function that a
/// rule does not have does nothing.
pub trait SchemaRule {
    /// A file, before its definitions.
    fn file(&self, _cx: &SchemaContext<'_>) {}

    /// A definition or an extension.
    fn definition<'a>(&self, _cx: &SchemaContext<'a>, _definition: &'a TypeDefinition<'a>) {}

    /// A field of an object or interface.
    fn field<'a>(&self, _cx: &SchemaContext<'a>, _of: &'a TypeDefinition<'a>, _field: &'a Node<FieldDefinition>) {}

    /// Anything that can have a description and directives: a definition, a field, an argument, an input field or an enum
    /// value.
    fn element<'a>(&self, _cx: &SchemaContext<'a>, _element: &Element<'a>) {}

    /// A directive that is applied to an element.
    fn directive<'a>(&self, _cx: &SchemaContext<'a>, _on: &Element<'a>, _directive: &'a Node<Directive>) {}

    /// The default value of an argument or input field.
    fn default_value<'a>(&self, _cx: &SchemaContext<'a>, _of: &Element<'a>, _value: &'a Value) {}
}

/// A rule of the list of all rules.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What is said about it.
    pub meta: Meta,
    /// The JSON Schema of its options, if it has any.
    pub options: fn() -> Option<schemars::Schema>,
    /// The rule with options.
    pub build: fn(serde_json::Value) -> Result<Box<dyn Rule>, String>,
    /// Validity is judged elsewhere; its rules do nothing here.
    pub is_validity: bool,
}

/// A rule whose options are its fields.
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
