//! Random additions to schemas and documents: none of them may make a name of the generated code mean something else.

use crate::meanings::{Meaning, Meanings, differences, meanings};
use crate::random::Dice;
use anyhow::Result;
use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, Document, Selection};
use apollo_compiler::schema::ExtendedType;
use graphwright_codegen::config::{Config, Level};
use graphwright_codegen::internal::load::Inputs;
use graphwright_codegen::internal::{compile, output};
use std::collections::BTreeMap;
use std::fmt;

/// A project as texts: `documents` is searched by the glob `**/*`.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// The schema, as SDL.
    pub schema: String,
    /// Additional client-side SDL.
    pub client: String,
    /// Paths and texts of documents.
    pub documents: Vec<(String, String)>,
    /// Documents of which only the fragments count that the others need.
    pub library: Vec<(String, String)>,
}

/// The kinds of additions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An object type, which implements interfaces and joins unions.
    Type,
    /// A value of an enum.
    Value,
    /// An optional field of an input object.
    InputField,
    /// An enum, used by a new operation.
    Enum,
    /// A response key of a selection set.
    Key,
    /// An inline fragment of a selection set.
    Condition,
    /// A variable.
    Variable,
    /// An operation of a file.
    Operation,
    /// A fragment of a new file, with the name of another one.
    Fragment,
    /// A file with the name, or nearly the name, of another one.
    File,
}

const KINDS: [Kind; 10] = [
    Kind::Type,
    Kind::Value,
    Kind::InputField,
    Kind::Enum,
    Kind::Key,
    Kind::Condition,
    Kind::Variable,
    Kind::Operation,
    Kind::Fragment,
    Kind::File,
];

/// The results of additions of one kind.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Additions after which the project was compared.
    pub made: usize,
    /// The number of invalid additions.
    pub invalid: usize,
    /// Additions after which some names are gone.
    pub with_gone: usize,
    /// Names that are gone.
    pub gone: usize,
    /// Names of arms that are gone.
    pub arms_gone: usize,
    /// Some of the names that are gone.
    pub examples: Vec<String>,
}

/// The results of all additions.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The results by kind.
    pub tallies: BTreeMap<Kind, Tally>,
    /// Names that mean something else, and arms that a type renamed.
    pub failures: Vec<String>,
    /// Names that were compared.
    pub names: usize,
    /// Names of arms among them.
    pub arms: usize,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, tally) in &self.tallies {
            let Tally { made, invalid, with_gone, gone, arms_gone, examples } = tally;
            writeln!(
                f,
                "{kind:?}: {made} additions ({invalid} more are not valid); after {with_gone} of them {gone} names are gone, \
                 {arms_gone} of arms"
            )?;
            for example in examples {
                writeln!(f, "    {example}")?;
            }
        }
        let made: usize = self.tallies.values().map(|tally| tally.made).sum();
        write!(
            f,
            "{made} additions, {} names compared ({} of arms), {} mean something else",
            self.names,
            self.arms,
            self.failures.len()
        )
    }
}

/// Makes additions to a project, each by itself, and compares.
///
/// # Errors
/// Generated code says things in another way than [`meanings`] knows.
pub fn add_all(outcome: &mut Outcome, name: &str, texts: &Texts, seed: u64, rounds: usize) -> Result<()> {
    let Some(before) = generated(texts)? else { return Ok(()) };
    let sites = Sites::of(texts);
    let mut dice = Dice(seed);
    for round in 0..rounds {
        let kind = KINDS[round % KINDS.len()];
        let Some((after, what)) = sites.added(texts, kind, &mut dice) else { continue };
        let tally = outcome.tallies.entry(kind).or_default();
        let Some(after) = generated(&after)? else {
            tally.invalid += 1;
            continue;
        };
        tally.made += 1;
        let is_arm = |path: &String| matches!(before.get(path), Some(Meaning::Types(_)));
        outcome.names += before.len();
        outcome.arms += before.keys().filter(|path| is_arm(path)).count();
        let is_touched = matches!(kind, Kind::Key | Kind::Condition | Kind::Variable);
        let found = differences(&before, &after, is_touched);
        let context = |message: String| format!("{name}: {kind:?} {what}: {message}");
        outcome.failures.extend(found.changed.into_iter().map(context));
        let arms_gone = found.gone.iter().filter(|path| is_arm(path)).count();
        tally.with_gone += usize::from(!found.gone.is_empty());
        tally.gone += found.gone.len();
        tally.arms_gone += arms_gone;
        if let (Some(first), true) = (found.gone.first(), tally.examples.len() < 3) {
            tally.examples.push(format!("{name}: {what}: {first} and {} more", found.gone.len() - 1));
        }
        if kind == Kind::Type && arms_gone > 0 {
            outcome.failures.push(context(format!("arms are gone: {:?}", found.gone)));
        }
    }
    Ok(())
}

/// Returns the meanings of a project's generated code; `None` if the project is not valid.
///
/// # Errors
/// See [`meanings`].
pub fn generated(texts: &Texts) -> Result<Option<Meanings>> {
    let mut config = Config { documents: vec!["**/*".to_owned()], ..Config::default() };
    config.generate.output = Some("out".into());
    config.generate.client_directives.clone_from(&texts.client);
    config.generate.same_response_shape = Level::Allow;
    config.generate.unused_fragments = Level::Allow;
    config.generate.unused_variables = Level::Allow;
    let mut inputs = Inputs::default();
    inputs.schema = vec![inputs.sources.add("schema.graphql", texts.schema.as_str())];
    // The order in which the files of a folder are read.
    let sorted: BTreeMap<&String, &String> = texts.documents.iter().map(|(path, text)| (path, text)).collect();
    inputs.documents = sorted.iter().map(|(path, text)| inputs.sources.add(path.as_str(), text.as_str())).collect();
    inputs.library =
        texts.library.iter().map(|(path, text)| inputs.sources.add(path.as_str(), text.as_str())).collect();
    match compile(&config, inputs) {
        Ok(compiled) => Ok(Some(meanings(output::nested_tokens(&compiled.module, &config))?)),
        Err(_) => Ok(None),
    }
}

/// The positions of possible additions.
#[derive(Debug, Default)]
struct Sites {
    interfaces: Vec<(String, Vec<String>, Vec<String>)>,
    objects: Vec<String>,
    unions: Vec<String>,
    enums: Vec<Members>,
    inputs: Vec<Members>,
    sets: Vec<Set>,
    operations: Vec<Operation>,
    fragments: Vec<String>,
    query: String,
}

/// The members of a type, with the positions before the first and after the last.
#[derive(Debug)]
struct Members {
    name: String,
    members: Vec<String>,
    places: [usize; 2],
}

/// A selection set of a document.
#[derive(Debug)]
struct Set {
    document: usize,
    keys: Vec<String>,
    places: [usize; 2],
}

#[derive(Debug)]
struct Operation {
    document: usize,
    name: String,
    /// Its variables, with the positions before the first and after the last.
    variables: Option<Members>,
}

impl Sites {
    fn of(texts: &Texts) -> Self {
        let mut sites = Self { query: "Query".to_owned(), ..Self::default() };
        let schema = Schema::parse(texts.schema.as_str(), "schema").unwrap_or_else(|found| found.partial);
        if let Some(query) = &schema.schema_definition.query {
            sites.query = query.to_string();
        }
        let document = Document::parse(texts.schema.as_str(), "schema").unwrap_or_else(|found| found.partial);
        for definition in &document.definitions {
            sites.definition(definition);
        }
        let types = schema.types.iter().filter(|(name, _)| !name.starts_with("__"));
        for (name, definition) in types {
            match definition {
                ExtendedType::Interface(interface) => {
                    let fields = interface.fields.values();
                    let fields = fields.map(|field| field.serialize().no_indent().to_string()).collect();
                    let parents = interface.implements_interfaces.iter().map(|name| name.name.to_string()).collect();
                    sites.interfaces.push((name.to_string(), parents, fields));
                }
                ExtendedType::Union(_) => sites.unions.push(name.to_string()),
                ExtendedType::Object(_) => sites.objects.push(name.to_string()),
                _ => {}
            }
        }
        for (at, (_, text)) in texts.documents.iter().enumerate() {
            let Ok(document) = Document::parse(text.as_str(), "document") else { continue };
            document.definitions.iter().for_each(|definition| sites.executable(at, definition));
        }
        sites
    }

    fn definition(&mut self, definition: &Definition) {
        match definition {
            Definition::EnumTypeDefinition(node) => {
                let members = node.values.iter().map(|value| value.value.to_string()).collect();
                let first = node.values.first().and_then(|value| value.location());
                if let (Some(first), Some(all)) = (first, node.location()) {
                    let places = [first.offset(), all.end_offset() - 1];
                    self.enums.push(Members { name: node.name.to_string(), members, places });
                }
            }
            Definition::InputObjectTypeDefinition(node) if node.directives.get("oneOf").is_none() => {
                let members = node.fields.iter().map(|field| field.name.to_string()).collect();
                let first = node.fields.first().and_then(|field| field.location());
                if let (Some(first), Some(all)) = (first, node.location()) {
                    let places = [first.offset(), all.end_offset() - 1];
                    self.inputs.push(Members { name: node.name.to_string(), members, places });
                }
            }
            _ => {}
        }
    }

    fn executable(&mut self, document: usize, definition: &Definition) {
        match definition {
            Definition::OperationDefinition(node) => {
                let Some(all) = node.location() else { return };
                self.set(document, &node.selection_set, all.end_offset());
                let ends = node.variables.first().zip(node.variables.last());
                let variables = ends.and_then(|(first, last)| {
                    let places = [first.location()?.offset(), last.location()?.end_offset()];
                    let members = node.variables.iter().map(|variable| variable.name.to_string()).collect();
                    Some(Members { name: String::new(), members, places })
                });
                let Some(name) = &node.name else { return };
                self.operations.push(Operation { document, name: name.to_string(), variables });
            }
            Definition::FragmentDefinition(node) => {
                let Some(all) = node.location() else { return };
                self.fragments.push(node.name.to_string());
                self.set(document, &node.selection_set, all.end_offset());
            }
            _ => {}
        }
    }

    fn set(&mut self, document: usize, selections: &[Selection], end: usize) {
        let place = |selection: &Selection| match selection {
            Selection::Field(node) => node.location(),
            Selection::InlineFragment(node) => node.location(),
            Selection::FragmentSpread(node) => node.location(),
        };
        let Some(first) = selections.first().and_then(place) else { return };
        let fields = selections.iter().filter_map(Selection::as_field);
        let keys = fields.map(|field| field.response_name().to_string()).collect();
        self.sets.push(Set { document, keys, places: [first.offset(), end - 1] });
        for selection in selections {
            let Some(end) = place(selection).map(|span| span.end_offset()) else { continue };
            match selection {
                Selection::Field(node) => self.set(document, &node.selection_set, end),
                Selection::InlineFragment(node) => self.set(document, &node.selection_set, end),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    /// Returns the project with one addition, and its description.
    fn added(&self, texts: &Texts, kind: Kind, dice: &mut Dice) -> Option<(Texts, String)> {
        let mut after = texts.clone();
        let place = |places: [usize; 2], dice: &mut Dice| places[dice.below(2)];
        let what = match kind {
            Kind::Type => self.object_type(&mut after.schema, dice),
            Kind::Value => {
                let members = dice.pick(&self.enums)?;
                let like = dice.pick(&members.members)?;
                let wanted = if dice.one_in(4) { "UNKNOWN".to_owned() } else { variant(like, dice) };
                after.schema.insert_str(place(members.places, dice), &format!(" {wanted} "));
                format!("{}.{wanted}", members.name)
            }
            Kind::InputField => {
                let members = dice.pick(&self.inputs)?;
                let wanted = variant(dice.pick(&members.members)?, dice);
                after.schema.insert_str(place(members.places, dice), &format!(" {wanted}: Int "));
                format!("{}.{wanted}", members.name)
            }
            Kind::Enum => {
                let like = variant(&dice.pick(&self.enums)?.name, dice);
                after.schema.push_str(&format!("\nenum {like} {{ A }}\n"));
                let text = format!("query UsesEnum($e: {like}) {{ __typename }}");
                after.documents.push((format!("{}.graphql", dice.pick(&["0", "z"])?), text));
                like
            }
            Kind::Key => {
                let set = dice.pick(&self.sets)?;
                let ours = ["on", "typename", "data", "other"].map(str::to_owned);
                let like = if dice.one_in(5) { dice.pick(&ours) } else { dice.pick(&set.keys) }?;
                let wanted = if dice.one_in(5) { like.clone() } else { variant(like, dice) };
                if set.keys.contains(&wanted) {
                    return None;
                }
                let text = &mut after.documents[set.document].1;
                text.insert_str(place(set.places, dice), &format!(" {wanted}: __typename "));
                wanted
            }
            Kind::Condition => {
                let set = dice.pick(&self.sets)?;
                let interfaces: Vec<&String> = self.interfaces.iter().map(|(name, _, _)| name).collect();
                let ty: &String = if dice.one_in(2) { dice.pick(&self.objects)? } else { dice.pick(&interfaces)? };
                let text = &mut after.documents[set.document].1;
                text.insert_str(place(set.places, dice), &format!(" ... on {ty} {{ __typename }} "));
                format!("... on {ty}")
            }
            Kind::Variable => {
                let operation = dice.pick(&self.operations)?;
                let variables = operation.variables.as_ref()?;
                let wanted = variant(dice.pick(&variables.members)?, dice);
                let text = &mut after.documents[operation.document].1;
                text.insert_str(place(variables.places, dice), &format!(" ${wanted}: Int = 1 "));
                format!("{} ${wanted}", operation.name)
            }
            Kind::Operation => {
                let operation = dice.pick(&self.operations)?;
                let wanted = variant(&operation.name, dice);
                let text = &mut after.documents[operation.document].1;
                let at = place([0, text.len()], dice);
                text.insert_str(at, &format!("\nquery {wanted} {{ __typename }}\n"));
                wanted
            }
            Kind::Fragment => {
                let name = dice.pick(&self.fragments)?;
                let wanted = if dice.one_in(2) { name.clone() } else { variant(name, dice) };
                let path = dice.pick(&["0/0/new.graphql", "zz/new.graphql", "new.graphql"])?;
                let Self { query, .. } = self;
                let text =
                    format!("query UsesFragment {{ ...{wanted} }} fragment {wanted} on {query} {{ __typename }}");
                after.documents.push(((*path).to_owned(), text));
                format!("{wanted} in {path}")
            }
            Kind::File => {
                let operation = dice.pick(&self.operations)?;
                let path = beside(&texts.documents[operation.document].0, dice);
                if texts.documents.iter().any(|(known, _)| *known == path) {
                    return None;
                }
                let name = if dice.one_in(2) { operation.name.clone() } else { variant(&operation.name, dice) };
                after.documents.push((path.clone(), format!("query {name} {{ __typename }}")));
                format!("{name} in {path}")
            }
        };
        Some((after, what))
    }

    fn object_type(&self, schema: &mut String, dice: &mut Dice) -> String {
        let mut chosen: Vec<&(String, Vec<String>, Vec<String>)> = Vec::new();
        for _ in 0..1 + dice.below(3) {
            chosen.extend(dice.pick(&self.interfaces));
        }
        for parent in chosen.iter().flat_map(|(_, parents, _)| parents).collect::<Vec<_>>() {
            chosen.extend(self.interfaces.iter().find(|(name, _, _)| name == parent));
        }
        chosen.sort();
        chosen.dedup();
        let mut fields: BTreeMap<&str, &String> = BTreeMap::new();
        for field in chosen.iter().flat_map(|(_, _, fields)| fields) {
            let name = field.trim_start_matches(|character: char| !character.is_alphanumeric() && character != '_');
            fields.insert(name.split(['(', ':']).next().unwrap_or_default(), field);
        }
        let names: Vec<&str> = chosen.iter().map(|(name, _, _)| name.as_str()).collect();
        let implements = if names.is_empty() { String::new() } else { format!("implements {}", names.join(" & ")) };
        let fields: Vec<&str> = fields.into_values().map(String::as_str).collect();
        let mut new = format!("\ntype NewType {implements} {{ newField: Int\n{}\n}}\n", fields.join("\n"));
        let unions: Vec<&String> = (0..dice.below(3)).filter_map(|_| dice.pick(&self.unions)).collect();
        for union in
            unions.iter().enumerate().filter(|(at, union)| !unions[..*at].contains(union)).map(|(_, union)| union)
        {
            new.push_str(&format!("extend union {union} = NewType\n"));
        }
        let at = if dice.one_in(2) { 0 } else { schema.len() };
        schema.insert_str(at, &new);
        format!("{names:?} {unions:?}")
    }
}

/// Another path with nearly the same module.
fn beside(path: &str, dice: &mut Dice) -> String {
    let (folder, file) =
        path.rsplit_once('/').map_or((String::new(), path), |(folder, file)| (format!("{folder}/"), file));
    let (stem, _) = file.rsplit_once('.').unwrap_or((file, ""));
    match dice.below(6) {
        0 => format!("0/{file}"),
        1 => format!("{folder}0/{file}"),
        2 => format!("{folder}{stem}/{file}"),
        3 => format!("{folder}{stem}.gql"),
        4 => format!("{folder}{}.graphql", variant(stem, dice)),
        _ => format!("{folder}{}-.graphql", stem.replace('_', "-")),
    }
}

/// Another name that may be the same in Rust.
fn variant(name: &str, dice: &mut Dice) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    let mut camel = String::new();
    for word in name.split('_').filter(|word| !word.is_empty()) {
        let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        camel.push_str(&if camel.is_empty() { first.to_lowercase() } else { first.to_uppercase() });
        camel.push_str(rest);
    }
    match dice.below(6) {
        0 => name.to_ascii_uppercase(),
        1 => name.to_ascii_lowercase(),
        2 => snake,
        3 => camel,
        4 => format!("{}_", name.trim_end_matches('_')),
        _ => format!("{name}New"),
    }
}
