//! Settings that only a schema can judge.

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::ir;
use crate::schema::{Schema, TypeKind};

/// Reports settings that have no meaning for this schema or are not valid Rust.
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
    for path in config.generate.default_derives.iter().chain(&config.generate.derives) {
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
    let Some(kind) = schema.kind(name) else {
        // One configuration may serve several schemas, as with macros.
        let unknown =
            Diagnostic::warning(Code::CONFIG, format!("the schema has no scalar `{name}`, which `scalars` maps"));
        return Some(match did_you_mean(name, schema.scalars()) {
            Some(help) => unknown.help(help),
            None => unknown,
        });
    };
    let wrong = Diagnostic::error(Code::CONFIG, format!("`{name}` in `scalars` is {}, not a scalar", kind_of(kind)));
    Some(match kind {
        TypeKind::Enum => wrong.help("map single fields of the enum under `fields`"),
        _ => wrong,
    })
}

/// A name in `types` that is not that of a type that has settings.
fn check_type(name: &str, schema: &Schema, config: &Config) -> Option<Diagnostic> {
    let wrong = |message: String| Some(Diagnostic::error(Code::CONFIG, message));
    match schema.kind(name) {
        Some(TypeKind::Scalar) if config.scalars.contains_key(name) => {
            wrong(format!("`{name}` has settings in `types`, but `scalars` maps it to a type of yours"))
        }
        Some(TypeKind::Scalar) if !Schema::is_built_in(name) => None,
        Some(TypeKind::Enum | TypeKind::InputObject) => None,
        Some(kind) => {
            let help = "the settings there are for enums, input objects and custom scalars; derives for selection sets are set \
                        for operations, fragments and fields";
            wrong(format!("`{name}` in `types` is {}", kind_of(kind))).map(|wrong| wrong.help(help))
        }
        None => {
            let message = format!("the schema has no type `{name}`, which `types` has settings for");
            let known = schema.all_type_names();
            wrong(message).map(|wrong| match did_you_mean(name, known) {
                Some(help) => wrong.help(help),
                None => wrong,
            })
        }
    }
}

fn kind_of(kind: TypeKind) -> &'static str {
    match kind {
        TypeKind::Scalar => "a scalar",
        TypeKind::Object => "an object type",
        TypeKind::Interface => "an interface",
        TypeKind::Union => "a union",
        TypeKind::Enum => "an enum",
        TypeKind::InputObject => "an input object",
    }
}

/// Reports a schema coordinate that is not a field with a leaf type.
fn check_coordinate(coordinate: &str, schema: &Schema) -> Option<Diagnostic> {
    let wrong = |message: String| Diagnostic::error(Code::CONFIG, message);
    let Some((parent, field)) = coordinate.split_once('.') else {
        let message = format!("`{coordinate}` in `fields` is not the coordinate of a field");
        return Some(wrong(message).help("write the type and the field: `Customer.createdAt`"));
    };
    let with_help = |diagnostic: Diagnostic, help: Option<String>| match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    };
    if !schema.has_type(parent) {
        let message = format!("the schema has no type `{parent}`, of which `fields` maps a field");
        return Some(with_help(wrong(message), did_you_mean(parent, schema.all_type_names())));
    }
    let input = schema.input(parent);
    let of_input = input.and_then(|input| input.fields.get(field)).map(|field| &*field.ty);
    let of_output = || schema.field(parent, field).filter(|_| !field.starts_with("__")).map(|field| &field.ty);
    match of_input.or_else(of_output) {
        None => {
            let of_input = input.into_iter().flat_map(|input| input.fields.keys());
            let known = of_input.chain(schema.field_names(parent)).map(|name| name.as_str());
            let message = format!("`{parent}` has no field `{field}`, which `fields` maps");
            Some(with_help(wrong(message), did_you_mean(field, known)))
        }
        Some(ty) if schema.is_composite(ty.inner_named_type()) => {
            Some(wrong(format!("`{coordinate}` in `fields` has a selection set, so it cannot be mapped")))
        }
        Some(_) => None,
    }
}
