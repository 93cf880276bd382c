//! Settings that only a schema can judge.

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir;
use crate::schema::Schema;
use apollo_compiler::ast;
use apollo_compiler::schema::ExtendedType;

/// Settings that mean nothing for this schema, or are no Rust.
pub fn check_settings(config: &Config, schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    found.extend(config.scalars.keys().filter_map(|name| check_scalar(name, schema)));
    for (name, settings) in &config.types {
        found.extend(check_type(name, schema, config));
        let wrong = settings.derives.iter().filter(|path| !ir::is_rust_path(path));
        found.extend(wrong.map(|path| not_a_derive(path)));
    }
    for (what, ty) in config.scalars.iter().chain(&config.fields).filter(|(_, ty)| !ir::is_rust_type(ty)) {
        found.push(Diagnostic::error(Code::CONFIG, format!("`{ty}`, to which `{what}` is mapped, is not a Rust type")));
    }
    found.extend(config.fields.keys().filter_map(|coordinate| check_coordinate(coordinate, schema)));
    for path in &config.generate.derives {
        if !ir::is_rust_path(path) {
            found.push(not_a_derive(path));
        }
    }
    found
}

fn not_a_derive(path: &str) -> Diagnostic {
    Diagnostic::error(Code::CONFIG, format!("`{path}` in `derives` is not the path of a derive"))
}

/// A name in `scalars` that is not that of a scalar.
fn check_scalar(name: &str, schema: &Schema) -> Option<Diagnostic> {
    if schema.scalars().any(|scalar| scalar == name) {
        return None;
    }
    let Some(definition) = schema.definitions().types.get(name) else {
        // One configuration may serve several schemas, as with macros.
        let unknown =
            Diagnostic::warning(Code::CONFIG, format!("the schema has no scalar `{name}`, which `scalars` maps"));
        return Some(match did_you_mean(name, schema.scalars()) {
            Some(help) => unknown.help(help),
            None => unknown,
        });
    };
    let wrong =
        Diagnostic::error(Code::CONFIG, format!("`{name}` in `scalars` is {}, not a scalar", kind_of(definition)));
    Some(match definition {
        ExtendedType::Enum(_) => wrong.help("map single fields of the enum under `fields`"),
        _ => wrong,
    })
}

/// A name in `types` that is not that of a type that has settings.
fn check_type(name: &str, schema: &Schema, config: &Config) -> Option<Diagnostic> {
    let types = &schema.definitions().types;
    let wrong = |message: String| Some(Diagnostic::error(Code::CONFIG, message));
    match types.get(name) {
        Some(ExtendedType::Scalar(_)) if config.scalars.contains_key(name) => {
            wrong(format!("`{name}` has settings in `types`, but `scalars` maps it to a type of yours"))
        }
        Some(ExtendedType::Scalar(scalar)) if !scalar.is_built_in() => None,
        Some(ExtendedType::Enum(_) | ExtendedType::InputObject(_)) => None,
        Some(definition) => {
            let help = "the settings there are for enums, input objects and custom scalars; derives for selection sets are set \
                        for operations, fragments and fields";
            wrong(format!("`{name}` in `types` is {}", kind_of(definition))).map(|wrong| wrong.help(help))
        }
        None => {
            let message = format!("the schema has no type `{name}`, which `types` has settings for");
            let known = types.keys().map(|name| name.as_str());
            wrong(message).map(|wrong| match did_you_mean(name, known) {
                Some(help) => wrong.help(help),
                None => wrong,
            })
        }
    }
}

fn kind_of(definition: &ExtendedType) -> &'static str {
    match definition {
        ExtendedType::Scalar(_) => "a scalar",
        ExtendedType::Object(_) => "an object type",
        ExtendedType::Interface(_) => "an interface",
        ExtendedType::Union(_) => "a union",
        ExtendedType::Enum(_) => "an enum",
        ExtendedType::InputObject(_) => "an input object",
    }
}

/// A schema coordinate that is no field with a leaf type.
fn check_coordinate(coordinate: &str, schema: &Schema) -> Option<Diagnostic> {
    let types = &schema.definitions().types;
    let wrong = |message: String| Diagnostic::error(Code::CONFIG, message);
    let Some((parent, field)) = coordinate.split_once('.') else {
        let message = format!("`{coordinate}` in `fields` is not the coordinate of a field");
        return Some(wrong(message).help("write the type and the field: `Customer.createdAt`"));
    };
    let with_help = |diagnostic: Diagnostic, help: Option<String>| match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    };
    let Some(definition) = types.get(parent) else {
        let message = format!("the schema has no type `{parent}`, of which `fields` maps a field");
        let known = types.keys().map(|name| name.as_str());
        return Some(with_help(wrong(message), did_you_mean(parent, known)));
    };
    let fields: Vec<(&str, &ast::Type)> = match definition {
        ExtendedType::Object(object) => object.fields.iter().map(|(name, field)| (name.as_str(), &field.ty)).collect(),
        ExtendedType::Interface(interface) => {
            interface.fields.iter().map(|(name, field)| (name.as_str(), &field.ty)).collect()
        }
        ExtendedType::InputObject(input) => {
            input.fields.iter().map(|(name, field)| (name.as_str(), &*field.ty)).collect()
        }
        _ => Vec::new(),
    };
    match fields.iter().find(|(name, _)| *name == field) {
        None => {
            let message = format!("`{parent}` has no field `{field}`, which `fields` maps");
            Some(with_help(wrong(message), did_you_mean(field, fields.iter().map(|(name, _)| *name))))
        }
        Some((_, ty)) if schema.is_composite(ty.inner_named_type()) => {
            Some(wrong(format!("`{coordinate}` in `fields` has a selection set, so it cannot be mapped")))
        }
        Some(_) => None,
    }
}
