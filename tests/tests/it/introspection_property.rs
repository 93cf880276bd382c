//! A schema means the same whether it is read as SDL or as the server's introspection answer.

use graphwright_codegen::internal::schema::introspection::{Order, Support, query, read, to_sdl};
use graphwright_codegen::internal::{config::Config, diagnostic::Diagnostics, schema, source::Sources};
use graphwright_fixtures::{Request, Service, folder};
use graphwright_tests::generate;
use serde_json::{Value, json};

/// Returns the introspection response of a server with this schema.
fn introspected(name: &str, sdl: &str) -> Value {
    let service = Service::generated(sdl, 0).unwrap();
    let request = Request { query: query(all_support()), variables: None, operation_name: None };
    let answer = service.execute(&request, "test");
    assert!(answer.get("errors").is_none(), "{name}: {answer}");
    answer
}

/// Lists of things with names in one order: that of types is the server's business.
fn ordered(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), ordered(field))).collect(),
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(ordered).collect();
            items.sort_by_key(|item| item["name"].as_str().unwrap_or_default().to_owned());
            Value::Array(items)
        }
        other => other.clone(),
    }
}

fn all_support() -> Support {
    Support {
        schema_description: true,
        specified_by_url: true,
        is_one_of: true,
        is_repeatable: true,
        deprecated_input: true,
        deprecated_arguments: true,
        deprecated_directive_arguments: true,
        deprecated_input_fields: true,
    }
}

#[test]
fn introspection_and_sdl_give_the_same_schema() {
    let mut schemas = vec![folder().join("prismatic/schema.graphql")];
    let others = std::fs::read_dir(folder().join("schemas")).unwrap();
    schemas.extend(others.map(|entry| entry.unwrap().path()));
    assert!(schemas.len() > 3);
    for path in schemas {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let told = introspected(&name, &text);
        for order in [Order::Server, Order::Sorted] {
            let sdl = to_sdl(&read(&told.to_string()).unwrap(), order);
            let again = introspected(&name, &sdl);
            if ordered(&told) != ordered(&again) {
                let (told, again) = (format!("{:#}", ordered(&told)), format!("{:#}", ordered(&again)));
                let differ = told.lines().zip(again.lines()).find(|(told, again)| told != again);
                panic!("{name}, {order:?}: {differ:?}");
            }
        }
        let bare = told["data"].clone();
        for form in [told.clone(), bare.clone(), json!({ "data": bare, "extensions": {} })] {
            let mut sources = Sources::default();
            let id = sources.add("schema.json", form.to_string());
            let loaded = schema::load(sources, &[id]);
            assert!(loaded.is_ok_and(|(schema, _)| schema.warnings.is_empty()), "{name}");
        }
    }
}

/// The same operations give the same code from either form.
#[test]
fn introspection_and_sdl_give_the_same_code() -> Result<(), Diagnostics> {
    let sdl = graphwright_fixtures::PRISMATIC_SCHEMA;
    let json = introspected("prismatic", sdl).to_string();
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(folder().join("prismatic/operations")).unwrap() {
        let path = entry.unwrap().path();
        documents.push((path.display().to_string(), std::fs::read_to_string(path).unwrap()));
    }
    let documents: Vec<(&str, &str)> = documents.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let config = Config::default();
    let from_sdl = generate(&config, &[("schema.graphql", sdl)], &documents)?;
    let from_json = generate(&config, &[("schema.json", &json)], &documents)?;
    assert_eq!(from_sdl.module, from_json.module);
    Ok(())
}
