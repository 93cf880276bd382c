//! An introspection answer as SDL text, stable from run to run.

use super::{Directive, EnumValue, Field, InputValue, Introspection, Named, TypeDefinition, TypeReference};
use crate::schema::{DEFAULT_REASON, SCALARS};
use crate::syntax::print::{quoted, string_literal};
use std::borrow::Cow;
use std::fmt::Write;

/// The order of definitions, fields, arguments and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As the server sent them.
    Server,
    /// By name: what is compared across versions changes least.
    Sorted,
}

/// Where a directive may stand, by the specification; others cannot be written in SDL.
const LOCATIONS: [&str; 19] = [
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
];

const BUILT_IN_DIRECTIVES: [&str; 5] = ["skip", "include", "deprecated", "specifiedBy", "oneOf"];

/// Writes the schema as SDL, without what every schema has.
pub fn to_sdl(schema: &Introspection, order: Order) -> String {
    let mut printer = Printer { text: String::new(), order };
    printer.schema(schema);
    for directive in printer.ordered(&schema.directives, |directive| &directive.name).iter() {
        if !BUILT_IN_DIRECTIVES.contains(&directive.name.as_str()) {
            printer.directive(directive);
        }
    }
    for ty in printer.ordered(&schema.types, |ty| &ty.name).iter() {
        if !ty.name.starts_with("__") && !SCALARS.contains(&ty.name.as_str()) {
            printer.definition(ty);
        }
    }
    printer.text
}

struct Printer {
    text: String,
    order: Order,
}

impl Printer {
    fn ordered<'a, T: Clone>(&self, items: &'a [T], name: impl Fn(&T) -> &str) -> Cow<'a, [T]> {
        match self.order {
            Order::Server => Cow::Borrowed(items),
            Order::Sorted => {
                let mut sorted = items.to_vec();
                sorted.sort_by(|left, right| name(left).cmp(name(right)));
                Cow::Owned(sorted)
            }
        }
    }

    fn schema(&mut self, schema: &Introspection) {
        let roots = [
            ("query", "Query", Some(&schema.query_type)),
            ("mutation", "Mutation", schema.mutation_type.as_ref()),
            ("subscription", "Subscription", schema.subscription_type.as_ref()),
        ];
        let defined = |name: &str| schema.types.iter().any(|ty| ty.name == name);
        let implied = roots.iter().all(|(_, default, root)| match root {
            Some(root) => root.name == *default,
            None => !defined(default),
        });
        if implied && schema.description.is_none() {
            return;
        }
        self.description(schema.description.as_deref(), "");
        self.text.push_str("schema {\n");
        for (operation, _, root) in roots {
            if let Some(Named { name }) = root {
                let _ = writeln!(self.text, "  {operation}: {name}");
            }
        }
        self.text.push_str("}\n");
    }

    fn directive(&mut self, directive: &Directive) {
        let known = directive.locations.iter().filter(|location| LOCATIONS.contains(&location.as_str()));
        let locations: Vec<&str> = known.map(String::as_str).collect();
        if locations.is_empty() {
            return;
        }
        self.gap();
        self.description(directive.description.as_deref(), "");
        let _ = write!(self.text, "directive @{}", directive.name);
        self.arguments(&directive.args, "");
        let repeatable = if directive.is_repeatable == Some(true) { " repeatable" } else { "" };
        let _ = writeln!(self.text, "{repeatable} on {}", locations.join(" | "));
    }

    fn definition(&mut self, ty: &TypeDefinition) {
        self.gap();
        self.description(ty.description.as_deref(), "");
        match ty.kind.as_str() {
            "OBJECT" => self.fields("type", ty),
            "INTERFACE" => self.fields("interface", ty),
            "INPUT_OBJECT" => self.input(ty),
            "ENUM" => self.values(ty),
            "UNION" => {
                let members = self.ordered(ty.possible_types.as_deref().unwrap_or_default(), |member| &member.name);
                let members: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
                let equals = if members.is_empty() { "" } else { " = " };
                let line = format!("union {}{equals}{}\n", ty.name, members.join(" | "));
                self.text.push_str(&line);
            }
            _ => {
                let _ = write!(self.text, "scalar {}", ty.name);
                if let Some(url) = &ty.specified_by_url {
                    let _ = write!(self.text, " @specifiedBy(url: {})", quoted(url));
                }
                self.text.push('\n');
            }
        }
    }

    fn fields(&mut self, keyword: &str, ty: &TypeDefinition) {
        let _ = write!(self.text, "{keyword} {}", ty.name);
        let interfaces = self.ordered(ty.interfaces.as_deref().unwrap_or_default(), |interface| &interface.name);
        let interfaces: Vec<&str> = interfaces.iter().map(|interface| interface.name.as_str()).collect();
        if !interfaces.is_empty() {
            let _ = write!(self.text, " implements {}", interfaces.join(" & "));
        }
        let fields = self.ordered(ty.fields.as_deref().unwrap_or_default(), |field| &field.name);
        self.block(&fields, |printer, field: &Field| {
            printer.description(field.description.as_deref(), "  ");
            let _ = write!(printer.text, "  {}", field.name);
            printer.arguments(&field.args, "  ");
            let _ = write!(printer.text, ": {}", reference(&field.ty));
            printer.deprecation(field.is_deprecated, field.deprecation_reason.as_deref());
            printer.text.push('\n');
        });
    }

    fn input(&mut self, ty: &TypeDefinition) {
        let one_of = if ty.is_one_of == Some(true) { " @oneOf" } else { "" };
        let _ = write!(self.text, "input {}{one_of}", ty.name);
        let fields = self.ordered(ty.input_fields.as_deref().unwrap_or_default(), |field| &field.name);
        self.block(&fields, |printer, field: &InputValue| {
            printer.description(field.description.as_deref(), "  ");
            printer.text.push_str("  ");
            printer.input_value(field);
            printer.text.push('\n');
        });
    }

    fn values(&mut self, ty: &TypeDefinition) {
        let _ = write!(self.text, "enum {}", ty.name);
        let values = self.ordered(ty.enum_values.as_deref().unwrap_or_default(), |value| &value.name);
        self.block(&values, |printer, value: &EnumValue| {
            printer.description(value.description.as_deref(), "  ");
            let _ = write!(printer.text, "  {}", value.name);
            printer.deprecation(value.is_deprecated, value.deprecation_reason.as_deref());
            printer.text.push('\n');
        });
    }

    fn block<T>(&mut self, items: &[T], one: impl Fn(&mut Self, &T)) {
        if items.is_empty() {
            self.text.push('\n');
            return;
        }
        self.text.push_str(" {\n");
        for item in items {
            one(self, item);
        }
        self.text.push_str("}\n");
    }

    /// On one line, unless one of them has a description.
    fn arguments(&mut self, arguments: &[InputValue], indent: &str) {
        if arguments.is_empty() {
            return;
        }
        let arguments = self.ordered(arguments, |argument| &argument.name);
        let described = arguments.iter().any(|argument| argument.description.is_some());
        self.text.push('(');
        for (at, argument) in arguments.iter().enumerate() {
            if described {
                let inner = format!("{indent}  ");
                self.text.push('\n');
                self.description(argument.description.as_deref(), &inner);
                self.text.push_str(&inner);
            } else if at > 0 {
                self.text.push_str(", ");
            }
            self.input_value(argument);
        }
        if described {
            let _ = write!(self.text, "\n{indent}");
        }
        self.text.push(')');
    }

    fn input_value(&mut self, value: &InputValue) {
        let _ = write!(self.text, "{}: {}", value.name, reference(&value.ty));
        if let Some(default) = &value.default_value {
            let _ = write!(self.text, " = {default}");
        }
        self.deprecation(value.is_deprecated, value.deprecation_reason.as_deref());
    }

    fn deprecation(&mut self, deprecated: bool, reason: Option<&str>) {
        match reason {
            Some(reason) if deprecated && reason != DEFAULT_REASON => {
                let _ = write!(self.text, " @deprecated(reason: {})", quoted(reason));
            }
            _ if deprecated => self.text.push_str(" @deprecated"),
            _ => {}
        }
    }

    fn description(&mut self, description: Option<&str>, indent: &str) {
        if let Some(description) = description {
            let _ = writeln!(self.text, "{indent}{}", string_literal(description, indent));
        }
    }

    fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }
}

fn reference(ty: &TypeReference) -> String {
    match (ty.kind.as_str(), &ty.of_type, &ty.name) {
        ("NON_NULL", Some(of), _) => format!("{}!", reference(of)),
        ("LIST", Some(of), _) => format!("[{}]", reference(of)),
        (_, _, Some(name)) => name.clone(),
        // Deeper than the query asked: nothing can be said about the type.
        _ => "String".to_owned(),
    }
}
