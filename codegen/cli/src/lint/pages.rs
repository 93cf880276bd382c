//! The rule pages, and the JSON Schema of the settings, generated from the metadata of the rules.

use super::cases::Case;
use super::rule::{Entry, Fixable, Level, Reads};
use super::rules;
use super::settings::Settings;
use schemars::Schema;
use serde_json::{Map, Value, json};

/// Returns the page of a rule, as Markdown.
pub fn page(entry: &Entry) -> String {
    let meta = &entry.meta;
    let level = |level: Level| match level {
        Level::Off => "off",
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    let fix = match meta.fixable {
        Fixable::No => "none",
        Fixable::Safe => "`--fix`",
        Fixable::Unsafe => "`--fix --unsafe-fixes`",
    };
    let mut text = format!("# {}\n\n{}\n\n{}\n\n", meta.name, meta.what, meta.why);
    text += &format!(
        "| category | checks | in `recommended` | fix | elsewhere |\n|---|---|---|---|---|\n\
         | {} | {} | {} | {fix} | {} |\n",
        meta.category.name(),
        match meta.reads {
            Reads::Documents => "documents",
            Reads::Schema => "the schema",
            Reads::Both => "documents and the schema",
        },
        level(meta.recommended),
        if meta.known_as.is_empty() { "-".to_owned() } else { meta.known_as.join(", ") },
    );
    let mut shown = "";
    for (title, example) in [("Wrong", meta.bad), ("Right", meta.good)] {
        if example.is_empty() {
            continue;
        }
        let case = meta.case(example);
        text += &format!("\n## {title}\n\n");
        if case.options != shown {
            text += &format!(
                "With these options:\n\n```toml\n[extensions.graphwright.lint.rules.{}]\n{}\n```\n\n",
                meta.name, case.options
            );
            shown = case.options;
        }
        text += &blocks(&case);
    }
    if let Some(schema) = (entry.options)() {
        text += &format!("\n## Options\n\n{}", options(&schema));
    }
    text
}

/// Returns an example as code, file by file.
fn blocks(case: &Case<'_>) -> String {
    let texts = case.texts();
    // The name of a single text matters only if the example sets it.
    if let [("example.graphql" | "schema.graphql", text)] = texts.as_slice() {
        return format!("```graphql\n{text}\n```\n");
    }
    let block = |(name, text): &(&str, &str)| format!("`{name}`\n```graphql\n{text}\n```\n");
    texts.iter().map(block).collect::<Vec<_>>().join("\n")
}

fn options(schema: &Schema) -> String {
    let about = schema.get("description").and_then(Value::as_str).map(|text| format!("{text}\n\n")).unwrap_or_default();
    let schema = schema.as_value();
    let mut text = about + &table(&schema["properties"], &schema["$defs"]);
    for (name, of) in schema["properties"].as_object().into_iter().flatten() {
        if let Some(properties) = nested(of, &schema["$defs"]) {
            text += &format!("\n### `{name}`\n\n{}", table(properties, &schema["$defs"]));
        }
    }
    text
}

/// Returns the options inside an option that is a table.
fn nested<'v>(of: &'v Value, definitions: &'v Value) -> Option<&'v Value> {
    let any = of["anyOf"].as_array().into_iter().flatten().chain([of]);
    let names = any.filter_map(|one| one["$ref"].as_str()?.rsplit('/').next());
    names.map(|name| &definitions[name]["properties"]).find(|properties| properties.is_object())
}

fn table(properties: &Value, definitions: &Value) -> String {
    let mut text = "| option | | type | default |\n|---|---|---|---|\n".to_owned();
    for (name, of) in properties.as_object().into_iter().flatten() {
        let what = of["description"].as_str().unwrap_or_default().replace('\n', " ").replace('|', "\\|");
        let is_table = nested(of, definitions).is_some();
        let default = match &of["default"] {
            Value::Null => "-".to_owned(),
            _ if is_table => "-".to_owned(),
            value => format!("`{value}`"),
        };
        let kind = if is_table { "table".to_owned() } else { kind(of) };
        text += &format!("| `{name}` | {what} | {kind} | {default} |\n");
    }
    text
}

/// Describes the type of an option.
fn kind(of: &Value) -> String {
    let named =
        |of: &Value| of["$ref"].as_str().and_then(|path| path.rsplit('/').next()).map(|name| name.to_lowercase());
    match (&of["type"], &of["anyOf"]) {
        (Value::String(kind), _) if kind == "array" => format!("list of {}", kind_of_item(&of["items"])),
        (Value::String(kind), _) => kind.clone(),
        (Value::Array(kinds), _) => {
            let kinds = kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null");
            kinds.collect::<Vec<_>>().join(" or ")
        }
        (_, Value::Array(any)) => any.iter().find_map(named).unwrap_or_default(),
        _ => named(of).unwrap_or_default(),
    }
}

fn kind_of_item(of: &Value) -> String {
    kind(of)
}

/// Returns the JSON Schema of `[extensions.graphwright.lint]`.
pub fn settings_schema() -> String {
    let mut schema = schemars::schema_for!(Settings).to_value();
    let level = json!({ "enum": ["error", "warn", "info", "off"] });
    let mut definitions = Map::new();
    let mut properties = Map::new();
    for entry in rules::all() {
        let meta = &entry.meta;
        let mut options = (entry.options)().map_or_else(|| json!({ "type": "object" }), |schema| schema.to_value());
        if let Some(object) = options.as_object_mut() {
            object.remove("$schema");
            object.remove("title");
            if let Some(Value::Object(own)) = object.remove("$defs") {
                definitions.extend(own.into_iter().map(|(name, one)| (format!("{}.{name}", meta.name), one)));
            }
            let properties = object.entry("properties").or_insert_with(|| json!({}));
            properties["level"] = level.clone();
        }
        // Definitions of different rules may share a name.
        let text = options.to_string().replace("#/$defs/", &format!("#/$defs/{}.", meta.name));
        let options: Value = serde_json::from_str(&text).unwrap_or(options);
        properties.insert(meta.name.to_owned(), json!({ "description": meta.what, "anyOf": [level, options] }));
    }
    let mut nested = Map::new();
    for (name, one) in definitions {
        let rule = name.split('.').next().unwrap_or_default();
        let text = one.to_string().replace("#/$defs/", &format!("#/$defs/{rule}."));
        nested.insert(name, serde_json::from_str(&text).unwrap_or(one));
    }
    let rules = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    nested.insert("rules".to_owned(), rules);
    let reference = json!({ "$ref": "#/$defs/rules" });
    schema["properties"]["rules"] = reference.clone();
    schema["title"] = json!("[extensions.graphwright.lint]");
    if let Some(own) = schema["$defs"].as_object() {
        for (name, one) in own {
            nested.insert(name.clone(), one.clone());
        }
    }
    schema["$defs"] = Value::Object(nested);
    schema["$defs"]["Override"]["properties"]["rules"] = reference;
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
