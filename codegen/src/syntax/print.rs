//! Prints syntax trees as GraphQL: the minimal document of a request, and literals for SDL.
//!
//! The document of an operation contains the operation and the fragments that it reaches, only the
//! white space that separates tokens, and `__typename` first in every selection set
//! that needs it.

use super::NodeId;
use apollo_compiler::Node;
use apollo_compiler::ast::{
    Argument, Directive, Field, FragmentDefinition, FragmentSpread, OperationDefinition, OperationType, Selection,
    Value,
};
use std::collections::HashSet;
use std::fmt::Write;

/// The printing options.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// The owners of the selection sets to which `__typename` is added.
    pub typename: &'a HashSet<NodeId>,
    /// Returns the name of the fragment to send for a spread, if it differs.
    pub sent_name: &'a dyn Fn(&Node<FragmentSpread>) -> Option<String>,
}

/// A fragment to print.
#[derive(Debug, Clone, Copy)]
pub struct Printed<'a> {
    /// Its name in the document.
    pub name: &'a str,
    /// Its definition.
    pub definition: &'a Node<FragmentDefinition>,
}

/// Returns the document of an operation: the operation and the fragments that it reaches.
pub fn document(operation: &Node<OperationDefinition>, fragments: &[Printed<'_>], plan: &Plan<'_>) -> String {
    let mut printer = Printer { text: String::new(), plan };
    printer.operation(operation);
    for fragment in fragments {
        printer.fragment(fragment);
    }
    printer.text
}

/// Returns the definition of one fragment.
pub fn fragment(fragment: &Printed<'_>, plan: &Plan<'_>) -> String {
    let mut printer = Printer { text: String::new(), plan };
    printer.fragment(fragment);
    printer.text
}

struct Printer<'a> {
    text: String,
    plan: &'a Plan<'a>,
}

impl Printer<'_> {
    fn operation(&mut self, operation: &Node<OperationDefinition>) {
        let shorthand = operation.operation_type == OperationType::Query
            && operation.name.is_none()
            && operation.variables.is_empty()
            && operation.directives.is_empty();
        if !shorthand {
            self.text.push_str(operation.operation_type.name());
            if let Some(name) = &operation.name {
                let _ = write!(self.text, " {name}");
            }
            self.variables(operation);
            self.directives(&operation.directives);
        }
        self.selection_set(&operation.selection_set, NodeId::of(operation));
    }

    fn variables(&mut self, operation: &OperationDefinition) {
        for (at, variable) in operation.variables.iter().enumerate() {
            let before = if at == 0 { '(' } else { ',' };
            let _ = write!(self.text, "{before}${}:{}", variable.name, variable.ty);
            if let Some(default) = &variable.default_value {
                self.text.push('=');
                value(&mut self.text, default);
            }
            self.directives(&variable.directives);
        }
        if !operation.variables.is_empty() {
            self.text.push(')');
        }
    }

    fn fragment(&mut self, fragment: &Printed<'_>) {
        let Printed { name, definition: fragment, .. } = fragment;
        let _ = write!(self.text, "fragment {name} on {}", fragment.type_condition);
        self.directives(&fragment.directives);
        self.selection_set(&fragment.selection_set, NodeId::of(fragment));
    }

    fn selection_set(&mut self, selections: &[Selection], owner: NodeId) {
        self.text.push('{');
        let typename = self.plan.typename.contains(&owner);
        if typename {
            self.text.push_str("__typename");
        }
        for selection in selections {
            if typename && is_plain_typename(selection) {
                continue;
            }
            self.separate();
            self.selection(selection);
        }
        self.text.push('}');
    }

    fn selection(&mut self, selection: &Selection) {
        match selection {
            Selection::Field(field) => self.field(field),
            Selection::FragmentSpread(spread) => {
                match (self.plan.sent_name)(spread) {
                    Some(sent) => _ = write!(self.text, "...{sent}"),
                    None => _ = write!(self.text, "...{}", spread.fragment_name),
                }
                self.directives(&spread.directives);
            }
            Selection::InlineFragment(inline) => {
                self.text.push_str("...");
                if let Some(condition) = &inline.type_condition {
                    let _ = write!(self.text, " on {condition}");
                }
                self.directives(&inline.directives);
                self.selection_set(&inline.selection_set, NodeId::of(inline));
            }
        }
    }

    fn field(&mut self, field: &Node<Field>) {
        if let Some(alias) = &field.alias {
            let _ = write!(self.text, "{alias}:");
        }
        self.text.push_str(&field.name);
        arguments(&mut self.text, &field.arguments);
        self.directives(&field.directives);
        if !field.selection_set.is_empty() {
            self.selection_set(&field.selection_set, NodeId::of(field));
        }
    }

    fn directives(&mut self, directives: &[Node<Directive>]) {
        for directive in directives {
            let _ = write!(self.text, "@{}", directive.name);
            arguments(&mut self.text, &directive.arguments);
        }
    }

    /// Adds a space if two tokens would otherwise run together.
    fn separate(&mut self) {
        if self.text.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
            self.text.push(' ');
        }
    }
}

fn is_plain_typename(selection: &Selection) -> bool {
    match selection {
        Selection::Field(field) => field.name == "__typename" && field.alias.is_none() && field.directives.is_empty(),
        _ => false,
    }
}

fn arguments(text: &mut String, arguments: &[Node<Argument>]) {
    for (at, argument) in arguments.iter().enumerate() {
        let before = if at == 0 { '(' } else { ',' };
        let _ = write!(text, "{before}{}:", argument.name);
        value(text, &argument.value);
    }
    if !arguments.is_empty() {
        text.push(')');
    }
}

fn value(text: &mut String, node: &Value) {
    match node {
        Value::Null => text.push_str("null"),
        Value::Enum(name) => text.push_str(name),
        Value::Variable(name) => {
            let _ = write!(text, "${name}");
        }
        Value::String(string) => text.push_str(&quoted(string)),
        Value::Float(number) => text.push_str(number.as_str()),
        Value::Int(number) => text.push_str(number.as_str()),
        Value::Boolean(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                value(text, item);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            text.push('{');
            for (at, (name, field)) in fields.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                let _ = write!(text, "{name}:");
                value(text, field);
            }
            text.push('}');
        }
    }
}

/// Returns a string literal on one line (specification 2.9.4).
pub fn quoted(string: &str) -> String {
    let mut text = String::with_capacity(string.len() + 2);
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if control.is_control() => {
                let _ = write!(text, "\\u{:04X}", u32::from(control));
            }
            other => text.push(other),
        }
    }
    text.push('"');
    text
}

/// Returns a description for SDL: a block string if that keeps every character, else a quoted string.
/// Lines after the first begin with `indent`.
pub fn string_literal(string: &str, indent: &str) -> String {
    if !survives_as_block(string) {
        return quoted(string);
    }
    let escaped = string.replace("\"\"\"", "\\\"\"\"");
    let mut text = format!("\"\"\"\n{indent}");
    for (at, line) in escaped.split('\n').enumerate() {
        if at > 0 {
            text.push('\n');
            if !line.is_empty() {
                text.push_str(indent);
            }
        }
        text.push_str(line);
    }
    let _ = write!(text, "\n{indent}\"\"\"");
    text
}

/// Returns whether a string is representable as a block string. BlockStringValue (specification 2.9.4) strips common
/// indentation and blank lines at both ends, and a block string cannot contain control characters.
fn survives_as_block(string: &str) -> bool {
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let indented = |line: &str| line.starts_with([' ', '\t']);
    let mut lines = string.split('\n');
    let (first, last) = (lines.clone().next().unwrap_or_default(), lines.clone().next_back().unwrap_or_default());
    !blank(first)
        && !blank(last)
        && !string.chars().any(|character| character.is_control() && character != '\n' && character != '\t')
        && !lines.clone().any(|line| !line.is_empty() && blank(line))
        && lines.any(|line| !blank(line) && !indented(line))
        && !string.ends_with('\\')
}
