//! The introspection query, cut to what the server says it understands.

use serde::Deserialize;

/// Asks a server which fields its introspection types have. Every server that implements
/// any version of the specification can answer it.
pub const PROBE: &str = "query IntrospectionSupport { \
    schema: __type(name: \"__Schema\") { fields { name } } \
    type: __type(name: \"__Type\") { fields { name args { name } } } \
    field: __type(name: \"__Field\") { fields { name args { name } } } \
    directive: __type(name: \"__Directive\") { fields { name args { name } } } \
    inputValue: __type(name: \"__InputValue\") { fields { name } } }";

/// What a server's introspection understands beyond the first specification.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Support {
    /// `__Schema.description`
    pub schema_description: bool,
    /// `__Type.specifiedByURL`
    pub specified_by_url: bool,
    /// `__Type.isOneOf`
    pub is_one_of: bool,
    /// `__Directive.isRepeatable`
    pub is_repeatable: bool,
    /// `__InputValue.isDeprecated`
    pub deprecated_input: bool,
    /// `includeDeprecated` on `__Field.args`
    pub deprecated_arguments: bool,
    /// `includeDeprecated` on `__Directive.args`
    pub deprecated_directive_arguments: bool,
    /// `includeDeprecated` on `__Type.inputFields`
    pub deprecated_input_fields: bool,
}

#[derive(Deserialize, Default)]
struct Answer {
    schema: Option<Type>,
    r#type: Option<Type>,
    field: Option<Type>,
    directive: Option<Type>,
    #[serde(rename = "inputValue")]
    input_value: Option<Type>,
}

#[derive(Deserialize)]
struct Type {
    #[serde(default)]
    fields: Option<Vec<Field>>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(default)]
    args: Vec<super::Named>,
}

impl Support {
    /// Reads the `data` of the answer to [`PROBE`]. Whatever is missing counts as not supported.
    pub fn from_probe(data: &serde_json::Value) -> Self {
        let answer = Answer::deserialize(data).unwrap_or_default();
        let has = |ty: &Option<Type>, field: &str| find(ty.as_ref(), field).is_some();
        let includes = |ty: &Option<Type>, field: &str| {
            find(ty.as_ref(), field).is_some_and(|field| field.args.iter().any(|arg| arg.name == "includeDeprecated"))
        };
        Self {
            schema_description: has(&answer.schema, "description"),
            specified_by_url: has(&answer.r#type, "specifiedByURL"),
            is_one_of: has(&answer.r#type, "isOneOf"),
            is_repeatable: has(&answer.directive, "isRepeatable"),
            deprecated_input: has(&answer.input_value, "isDeprecated"),
            deprecated_arguments: includes(&answer.field, "args"),
            deprecated_directive_arguments: includes(&answer.directive, "args"),
            deprecated_input_fields: includes(&answer.r#type, "inputFields"),
        }
    }
}

fn find<'a>(ty: Option<&'a Type>, field: &str) -> Option<&'a Field> {
    ty?.fields.as_ref()?.iter().find(|candidate| candidate.name == field)
}

/// The introspection query for a server with the given support.
pub fn query(support: Support) -> String {
    let when = |supported: bool, text: &'static str| if supported { text } else { "" };
    let deprecated = "(includeDeprecated: true)";
    let arguments = when(support.deprecated_arguments, deprecated);
    let directive_arguments = when(support.deprecated_directive_arguments, deprecated);
    let input_fields = when(support.deprecated_input_fields, deprecated);
    let input_deprecation = when(support.deprecated_input, " isDeprecated deprecationReason");
    let mut type_reference = String::from("kind name");
    for _ in 0..9 {
        type_reference = format!("kind name ofType {{ {type_reference} }}");
    }
    format!(
        "query IntrospectionQuery {{ __schema {{ {description}\
         queryType {{ name }} mutationType {{ name }} subscriptionType {{ name }} \
         types {{ ...FullType }} \
         directives {{ name description {repeatable}locations args{directive_arguments} {{ ...InputValue }} }} }} }} \
         fragment FullType on __Type {{ kind name description {specified_by}{one_of}\
         fields{deprecated} {{ name description args{arguments} {{ ...InputValue }} type {{ ...TypeRef }} \
         isDeprecated deprecationReason }} \
         inputFields{input_fields} {{ ...InputValue }} interfaces {{ ...TypeRef }} \
         enumValues{deprecated} {{ name description isDeprecated deprecationReason }} \
         possibleTypes {{ ...TypeRef }} }} \
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} \
         defaultValue{input_deprecation} }} \
         fragment TypeRef on __Type {{ {type_reference} }}",
        description = when(support.schema_description, "description "),
        repeatable = when(support.is_repeatable, "isRepeatable "),
        specified_by = when(support.specified_by_url, "specifiedByURL "),
        one_of = when(support.is_one_of, "isOneOf "),
    )
}
