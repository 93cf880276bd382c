//! What is generated differently for single operations, fragments, fields and variables.
//!
//! In: the configuration, and comments in documents, each for the node after it:
//!
//! ```graphql
//! # @graphwright(derives: ["Eq"], rename: "AllCustomers")
//! query ListCustomers {
//!   # @graphwright(type: "jiff::Timestamp")
//!   createdAt
//! }
//! ```
//!
//! Out: an [`Override`] for each node that has one. Where both say something, the comment counts.

use super::derives::DerivePlaces;
use crate::config::{Config, DefinitionSettings, Override, Visibility};
use crate::diagnostic::{Code, Diagnostic, closest, did_you_mean};
use crate::query::{Documents, Selected, SelectionSet};
use crate::schema::Schema;
use crate::source::{Sources, Span};
use apollo_compiler::Node;
use apollo_compiler::ast::{self, Definition, Value};
use apollo_compiler::parser::{FileId, SourceSpan};
use apollo_parser::{Lexer, TokenKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use syn::Type;

/// The settings of nodes, by the place where they begin: it stays when something below a node is taken out.
#[derive(Debug, Default)]
pub struct Overrides {
    nodes: HashMap<(FileId, usize), Override>,
    derives: DerivePlaces,
}

impl Overrides {
    /// The settings of a node.
    pub fn of<T>(&self, node: &Node<T>) -> Option<&Override> {
        self.at(node.location()?)
    }

    /// The settings of the node at a location.
    pub fn at(&self, location: SourceSpan) -> Option<&Override> {
        self.nodes.get(&begin(location))
    }

    /// Where comments set derives.
    pub fn derive_places(&self) -> &DerivePlaces {
        &self.derives
    }
}

fn begin(location: SourceSpan) -> (FileId, usize) {
    (location.file_id(), location.offset())
}

/// The nodes that can have settings.
#[derive(Clone, Copy)]
enum Place {
    Definition,
    Field,
    Spread,
    Variable,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Definition => "an operation or fragment",
            Self::Field => "a field",
            Self::Spread => "a spread",
            Self::Variable => "a variable",
        }
    }

    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Definition => &["derives", "visibility", "rename"],
            Self::Field => &["rename", "type", "type_name", "derives"],
            Self::Spread => &["rename"],
            Self::Variable => &["rename", "type"],
        }
    }
}

/// Settings of a comment, for whatever begins at an offset.
struct Comment {
    span: Span,
    content: Override,
}

/// Collects the settings of all documents.
pub fn collect(
    config: &Config,
    schema: &Schema,
    documents: &Documents,
    sources: &Sources,
) -> (Overrides, Vec<Diagnostic>) {
    let mut collector = Collector { documents, definition: None, found: Overrides::default(), problems: Vec::new() };
    let mut operations: BTreeMap<&str, Known> = BTreeMap::new();
    let mut fragments: BTreeMap<&str, Known> = BTreeMap::new();
    for (_, file) in documents.files() {
        let mut comments = collector.comments(file.source, sources);
        for definition in &file.ast.definitions {
            match definition {
                Definition::OperationDefinition(node) => {
                    let name = node.name.as_ref().map(|name| name.as_str());
                    let settings = name.and_then(|name| config.operations.get(name));
                    let mut unnamed = Known::default();
                    collector.definition = name.map(str::to_owned);
                    let known = name.map_or(&mut unnamed, |name| operations.entry(name).or_default());
                    collector.definition(node, settings, &mut comments);
                    collector.variables(node, settings, &mut comments, known);
                    collector.selections(SelectionSet::of_operation(schema, node), "", settings, &mut comments, known);
                }
                Definition::FragmentDefinition(node) => {
                    let settings = config.fragments.get(node.name.as_str());
                    collector.definition = Some(node.name.to_string());
                    let known = fragments.entry(node.name.as_str()).or_default();
                    collector.definition(node, settings, &mut comments);
                    collector.selections(SelectionSet::of_fragment(node), "", settings, &mut comments, known);
                }
                _ => {}
            }
        }
        if !file.is_partial {
            collector.left_over(comments);
        }
    }
    collector.unknown("operation", &config.operations, &operations);
    collector.unknown("fragment", &config.fragments, &fragments);
    (collector.found, collector.problems)
}

/// What there is to configure in the definitions of one name: several files may have one.
#[derive(Default)]
struct Known {
    variables: BTreeSet<String>,
    paths: BTreeSet<String>,
}

struct Collector<'a> {
    documents: &'a Documents,
    /// The GraphQL name of the definition at hand, if it has one.
    definition: Option<String>,
    found: Overrides,
    problems: Vec<Diagnostic>,
}

type Comments = BTreeMap<usize, Vec<Comment>>;

impl Collector<'_> {
    fn definition<T>(&mut self, node: &Node<T>, settings: Option<&DefinitionSettings>, comments: &mut Comments) {
        let configured = settings.map(|settings| Override {
            derives: settings.derives.clone(),
            visibility: settings.visibility,
            rename: settings.rename.clone(),
            ..Override::default()
        });
        self.node(node, Place::Definition, configured.as_ref(), comments);
    }

    fn variables(
        &mut self,
        node: &ast::OperationDefinition,
        settings: Option<&DefinitionSettings>,
        comments: &mut Comments,
        known: &mut Known,
    ) {
        for variable in &node.variables {
            let configured = settings.and_then(|settings| settings.variables.get(variable.name.as_str()));
            self.node(variable, Place::Variable, configured, comments);
            known.variables.insert(variable.name.to_string());
        }
    }

    fn selections(
        &mut self,
        set: SelectionSet<'_>,
        prefix: &str,
        settings: Option<&DefinitionSettings>,
        comments: &mut Comments,
        known: &mut Known,
    ) {
        for selected in set.members() {
            match selected {
                Selected::Field(field) => {
                    let path = format!("{prefix}{}", field.key());
                    let configured = settings.and_then(|settings| settings.fields.get(&path));
                    self.node(field.field, Place::Field, configured, comments);
                    self.selections(field.below(None), &format!("{path}."), settings, comments, known);
                    known.paths.insert(path);
                }
                Selected::Spread(spread) => self.node(spread, Place::Spread, None, comments),
                Selected::Inline { below, .. } => self.selections(below, prefix, settings, comments, known),
            }
        }
    }

    /// Joins what the configuration and the comments say about a node.
    fn node<T>(&mut self, node: &Node<T>, place: Place, configured: Option<&Override>, comments: &mut Comments) {
        let mut joined = Override::default();
        let span = self.documents.place(node);
        if let Some(configured) = configured {
            self.check(configured, place, span);
            join(&mut joined, configured);
        }
        let offset = span.map(|span| span.start);
        for comment in offset.and_then(|offset| comments.remove(&offset)).unwrap_or_default() {
            self.check(&comment.content, place, Some(comment.span));
            for derive in &comment.content.derives {
                self.found.derives.entry((self.definition.clone(), derive.clone())).or_insert(comment.span);
            }
            join(&mut joined, &comment.content);
        }
        if let Some(location) = node.location().filter(|_| joined != Override::default()) {
            self.found.nodes.insert(begin(location), joined);
        }
    }

    /// Reports settings that do not apply to their node or are not valid Rust.
    fn check(&mut self, settings: &Override, place: Place, span: Option<Span>) {
        for setting in given(settings).into_iter().filter(|setting| !place.settings().contains(setting)) {
            let message = format!("`{setting}` cannot be set for {}", place.name());
            let help = format!("what can be set there: {}", place.settings().join(", "));
            self.problems.push(Diagnostic::error(Code::CONFIG, message).at(span, "").help(help));
        }
        for name in settings.rename.iter().chain(&settings.type_name).filter(|name| !is_rust_name(name)) {
            let message = format!("`{name}` is not a name that Rust can have");
            self.problems.push(Diagnostic::error(Code::CONFIG, message).at(span, ""));
        }
        let types =
            settings.type_name.iter().chain(settings.rename.iter().filter(|_| matches!(place, Place::Definition)));
        for name in types.filter(|name| is_reserved(name)) {
            let message = format!("`{name}` cannot be the name of a type here: generated code uses it");
            self.problems.push(Diagnostic::error(Code::CONFIG, message).at(span, ""));
        }
        for ty in settings.ty.iter().filter(|ty| !is_rust_type(ty)) {
            self.problems.push(Diagnostic::error(Code::CONFIG, format!("`{ty}` is not a Rust type")).at(span, ""));
        }
        for path in settings.derives.iter().filter(|path| !is_rust_path(path)) {
            let message = format!("`{path}` in `derives` is not the path of a derive");
            self.problems.push(Diagnostic::error(Code::CONFIG, message).at(span, ""));
        }
    }

    /// Settings of what is not there.
    fn unknown(
        &mut self,
        what: &str,
        configured: &BTreeMap<String, DefinitionSettings>,
        known: &BTreeMap<&str, Known>,
    ) {
        for (name, settings) in configured {
            let Some(of_name) = known.get(name.as_str()) else {
                let message = format!("the documents have no {what} `{name}`, which is configured");
                self.missing(message, name, known.keys().copied());
                continue;
            };
            for variable in settings.variables.keys().filter(|variable| !of_name.variables.contains(*variable)) {
                let bare = variable.trim_start_matches('$');
                let message = format!("the {what} `{name}` has no variable `{bare}`, which is configured");
                let message = if bare == variable { message } else { format!("{message}: write it without `$`") };
                self.missing(message, bare, of_name.variables.iter().map(String::as_str));
            }
            for path in settings.fields.keys().filter(|path| !of_name.paths.contains(*path)) {
                let message = format!("the {what} `{name}` selects no field at `{path}`, which is configured");
                self.missing(message, path, of_name.paths.iter().map(String::as_str));
            }
        }
    }

    fn missing<'n>(&mut self, message: String, name: &str, known: impl Iterator<Item = &'n str>) {
        let diagnostic = Diagnostic::error(Code::CONFIG, message);
        self.problems.push(match did_you_mean(name, known) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }

    fn left_over(&mut self, comments: Comments) {
        for comment in comments.into_values().flatten() {
            let message = "this comment does not precede a node that takes settings";
            let diagnostic = Diagnostic::error(Code::CONFIG, message).at(Some(comment.span), "");
            let help = "put the comment directly before an operation, a fragment, a variable, a field or a spread";
            self.problems.push(diagnostic.help(help));
        }
    }

    /// The settings in the comments of a text, by the offset of the token that follows them.
    fn comments(&mut self, source: crate::source::SourceId, sources: &Sources) -> Comments {
        let text = sources.text(source);
        let mut comments = Comments::new();
        if !text.to_ascii_lowercase().contains("graphwright") {
            return comments;
        }
        let mut open: Vec<Comment> = Vec::new();
        let mut line_is_empty = true;
        let tokens = Lexer::new(text).filter_map(Result::ok);
        for token in tokens {
            match token.kind() {
                TokenKind::Whitespace => line_is_empty |= token.data().contains(['\n', '\r']),
                TokenKind::Comment => {}
                _ => line_is_empty = false,
            }
            match token.kind() {
                TokenKind::Comment => {
                    let span = Span::new(source, token.index()..token.index() + token.data().trim_end().len());
                    let comment = self.comment(token.data(), span);
                    if comment.is_some() && !line_is_empty {
                        let message = "put the settings on their own line, above the node they apply to";
                        self.problems.push(Diagnostic::error(Code::CONFIG, message).at(Some(span), ""));
                    }
                    open.extend(comment);
                }
                // A description can be between the settings and their node.
                TokenKind::Whitespace | TokenKind::Comma | TokenKind::StringValue => {}
                _ if open.is_empty() => {}
                _ => comments.entry(token.index()).or_default().append(&mut open),
            }
        }
        if !open.is_empty() {
            comments.insert(text.len(), open);
        }
        comments
    }

    /// The settings of one comment, if it has any.
    fn comment(&mut self, text: &str, span: Span) -> Option<Comment> {
        let directive = text.trim_start_matches('#').trim();
        let Some(rest) = directive.strip_prefix(MARK) else {
            let word = directive.trim_start_matches(['@', ' ']).to_ascii_lowercase();
            if word.starts_with("graphwright(") {
                let diagnostic =
                    Diagnostic::error(Code::CONFIG, "settings begin with `@graphwright(`").at(Some(span), "");
                self.problems.push(diagnostic);
            }
            return None;
        };
        if rest.starts_with(|next: char| next.is_alphanumeric() || next == '_') {
            return None;
        }
        let parsed = ast::Document::parse(format!("{{a {directive}\n}}"), "settings").ok();
        let operation = parsed.as_ref().and_then(|document| document.definitions.first()?.as_operation_definition());
        let field = operation.and_then(|operation| operation.selection_set.first()?.as_field());
        let arguments = field.and_then(|field| match field.directives.0.as_slice() {
            [only] if !only.arguments.is_empty() => Some(&only.arguments),
            _ => None,
        });
        let Some(arguments) = arguments else {
            let diagnostic = Diagnostic::error(Code::CONFIG, "these settings cannot be read").at(Some(span), "");
            self.problems
                .push(diagnostic.help("write them like `# @graphwright(rename: \"Other\", derives: [\"Eq\"])`"));
            return None;
        };
        let mut content = Override::default();
        for (at, argument) in arguments.iter().enumerate() {
            if arguments[..at].iter().any(|earlier| earlier.name == argument.name) {
                let message = format!("`{}` is set twice here", argument.name);
                self.problems.push(Diagnostic::error(Code::CONFIG, message).at(Some(span), ""));
            }
            if let Err(diagnostic) = set(&mut content, &argument.name, &argument.value) {
                self.problems.push(diagnostic.at(Some(span), ""));
            }
        }
        Some(Comment { span, content })
    }
}

const MARK: &str = "@graphwright";

/// All settings by the names that they have in comments and in the configuration.
const SETTINGS: [&str; 5] = ["derives", "visibility", "rename", "type", "type_name"];

fn set(settings: &mut Override, name: &str, value: &Value) -> Result<(), Diagnostic> {
    let text = || {
        let wrong = || Diagnostic::error(Code::CONFIG, format!("`{name}` must be a string"));
        value.as_str().map(str::to_owned).ok_or_else(wrong)
    };
    match name {
        "rename" => settings.rename = Some(text()?),
        "type" => settings.ty = Some(text()?),
        "type_name" => settings.type_name = Some(text()?),
        "visibility" => {
            settings.visibility = Some(match text()?.as_str() {
                "pub" => Visibility::Public,
                "pub(crate)" => Visibility::Crate,
                other => {
                    let message = format!("unsupported visibility `{other}`");
                    return Err(Diagnostic::error(Code::CONFIG, message).help("expected `pub` or `pub(crate)`"));
                }
            });
        }
        "derives" => {
            let items = value.as_list().map_or_else(|| vec![value], |items| items.iter().map(|item| &**item).collect());
            let paths: Option<Vec<&str>> = items.into_iter().map(Value::as_str).collect();
            let paths = paths.ok_or_else(|| Diagnostic::error(Code::CONFIG, "`derives` must be a list of strings"))?;
            settings.derives.extend(paths.into_iter().map(str::to_owned));
        }
        _ => {
            let diagnostic = Diagnostic::error(Code::UNKNOWN_KEY, format!("unknown setting `{name}`"));
            return Err(match closest(name, SETTINGS).first() {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help(format!("the settings are {}", SETTINGS.join(", "))),
            });
        }
    }
    Ok(())
}

/// Puts settings on top of others.
fn join(below: &mut Override, above: &Override) {
    below.derives.extend(above.derives.iter().cloned());
    below.visibility = above.visibility.or(below.visibility);
    for (below, above) in
        [(&mut below.rename, &above.rename), (&mut below.ty, &above.ty), (&mut below.type_name, &above.type_name)]
    {
        if above.is_some() {
            below.clone_from(above);
        }
    }
}

/// The names of the settings that are given.
fn given(settings: &Override) -> Vec<&'static str> {
    let given = [
        !settings.derives.is_empty(),
        settings.visibility.is_some(),
        settings.rename.is_some(),
        settings.ty.is_some(),
        settings.type_name.is_some(),
    ];
    SETTINGS.into_iter().zip(given).filter(|(_, given)| *given).map(|(name, _)| name).collect()
}

/// True if a name can be an identifier, raw or not.
fn is_rust_name(name: &str) -> bool {
    let first = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    first
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !matches!(name, "_" | "self" | "Self" | "super" | "crate")
}

/// Names of types that generated code needs for itself.
fn is_reserved(name: &str) -> bool {
    name.starts_with("__") || matches!(name, "i32" | "f64" | "bool" | "str" | "u32" | "usize")
}

/// True if a text is a path of names.
pub fn is_rust_path(path: &str) -> bool {
    path.strip_prefix("::").unwrap_or(path).split("::").all(|part| part == "crate" || is_rust_name(part))
}

/// True if a text is a Rust type that a field can have: no reference, slice or `impl Trait`.
pub fn is_rust_type(ty: &str) -> bool {
    matches!(syn::parse_str::<Type>(ty), Ok(Type::Path(_) | Type::Array(_) | Type::Tuple(_)))
}
