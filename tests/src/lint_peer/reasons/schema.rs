//! Reasons for findings in schemas.

use super::{Documents, Place, Reason, Side, line, roots, walk};
use apollo_compiler::Name;
use apollo_compiler::ast::{Definition, FieldDefinition, Selection};
use apollo_compiler::schema::ExtendedType;

pub const REASONS: &[Reason] = &[
    Reason {
        text: "the peer joins the names of root types by commas, so that its pattern matches none if there are several",
        rules: &["require-description"],
        side: Side::Ours,
        holds: is_bare_field_of_several_roots,
    },
    Reason {
        text: "the peer knows root types by the names `Query` and `Mutation`, whatever the schema says",
        rules: &["input-name"],
        side: Side::Either,
        holds: is_in_root_of_other_name,
    },
    Reason {
        text: "the line only refers to the name: it is reported where it is defined",
        rules: &["naming-convention"],
        side: Side::Theirs,
        holds: is_reference_with_underscore,
    },
    Reason {
        text: "the field is selected from an interface that the type implements",
        rules: &["no-unused-fields"],
        side: Side::Theirs,
        holds: is_selected_from_interface,
    },
];

/// Returns the field that is defined at a place, and its type.
fn field_at<'a>(documents: &'a Documents<'_>, place: &Place<'_>) -> Option<(&'a Name, &'a FieldDefinition)> {
    let document = documents.schema_files.get(place.file)?;
    for definition in &document.definitions {
        let (name, fields) = match definition {
            Definition::ObjectTypeDefinition(of) => (&of.name, &of.fields),
            Definition::ObjectTypeExtension(of) => (&of.name, &of.fields),
            Definition::InterfaceTypeDefinition(of) => (&of.name, &of.fields),
            Definition::InterfaceTypeExtension(of) => (&of.name, &of.fields),
            _ => continue,
        };
        if let Some(field) = fields.iter().find(|field| place.is_at(line(document, &field.name))) {
            return Some((name, field));
        }
    }
    None
}

fn is_bare_field_of_several_roots(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let roots = roots(&documents.schema);
    let field = field_at(documents, place);
    let is_bare = |field: &FieldDefinition| field.description.as_ref().is_none_or(|text| text.trim().is_empty());
    roots.len() > 1 && field.is_some_and(|(ty, field)| roots.contains(&ty.as_str()) && is_bare(field))
}

/// The argument is in the last field that begins before or at the line.
fn is_in_root_of_other_name(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let Some(document) = documents.schema_files.get(place.file) else { return false };
    let mut before: Option<(usize, &str)> = None;
    for definition in &document.definitions {
        let (name, fields) = match definition {
            Definition::ObjectTypeDefinition(of) => (&of.name, &of.fields),
            Definition::ObjectTypeExtension(of) => (&of.name, &of.fields),
            _ => continue,
        };
        for line in
            fields.iter().filter_map(|field| line(document, &field.name)).filter(|line| Some(*line) <= place.line)
        {
            if before.is_none_or(|(last, _)| last < line) {
                before = Some((line, name.as_str()));
            }
        }
    }
    before.is_some_and(|(_, ty)| {
        let is_root = roots(&documents.schema).contains(&ty);
        is_root != matches!(ty, "Query" | "Mutation")
    })
}

fn is_reference_with_underscore(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let has_underscore = |name: &str| name.starts_with('_') || name.ends_with('_');
    let Some(document) = documents.schema_files.get(place.file) else { return false };
    let mut defined: Vec<&Name> = Vec::new();
    for definition in &document.definitions {
        let is_extension = definition.is_extension_definition();
        defined.extend(definition.name().filter(|_| !is_extension));
        match definition {
            Definition::ObjectTypeDefinition(of) => fields(&of.fields, &mut defined),
            Definition::ObjectTypeExtension(of) => fields(&of.fields, &mut defined),
            Definition::InterfaceTypeDefinition(of) => fields(&of.fields, &mut defined),
            Definition::InterfaceTypeExtension(of) => fields(&of.fields, &mut defined),
            Definition::InputObjectTypeDefinition(of) => defined.extend(of.fields.iter().map(|field| &field.name)),
            Definition::InputObjectTypeExtension(of) => defined.extend(of.fields.iter().map(|field| &field.name)),
            Definition::EnumTypeDefinition(of) => defined.extend(of.values.iter().map(|value| &value.value)),
            Definition::EnumTypeExtension(of) => defined.extend(of.values.iter().map(|value| &value.value)),
            Definition::DirectiveDefinition(of) => defined.extend(of.arguments.iter().map(|argument| &argument.name)),
            _ => {}
        }
    }
    let is_defined = defined.iter().any(|name| has_underscore(name) && place.is_at(line(document, name)));
    let is_name = |letter: char| letter == '_' || letter.is_ascii_alphanumeric();
    let is_written =
        documents.written(place).split(|letter| !is_name(letter)).any(|word| has_underscore(word) && !word.is_empty());
    place.message.contains("underscores are not allowed") && is_written && !is_defined
}

fn fields<'a>(fields: &'a [apollo_compiler::Node<FieldDefinition>], names: &mut Vec<&'a Name>) {
    for field in fields {
        names.push(&field.name);
        names.extend(field.arguments.iter().map(|argument| &argument.name));
    }
}

fn is_selected_from_interface(documents: &Documents<'_>, place: &Place<'_>) -> bool {
    let Some((ty, field)) = field_at(documents, place) else { return false };
    let interfaces = match documents.schema.types.get(ty) {
        Some(ExtendedType::Object(of)) => &of.implements_interfaces,
        Some(ExtendedType::Interface(of)) => &of.implements_interfaces,
        _ => return false,
    };
    let mut is_selected = false;
    for document in documents.documents.values() {
        walk(&documents.schema, document, |parent, selections, _| {
            let from_interface = parent.is_some_and(|parent| interfaces.iter().any(|interface| **interface == *parent));
            is_selected |= from_interface
                && selections.iter().any(|one| matches!(one, Selection::Field(one) if one.name == field.name));
        });
    }
    is_selected
}
