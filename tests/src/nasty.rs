//! Documents that are hard to fix, and a judge of the fixes.
//!
//! They have comments in every position, all line endings, byte order marks, odd blanks, several definitions in a file,
//! and fragments across files. The judge shares no code with the linter: it has its own scanner for comments, and
//! compares meaning after expansion, for each object type.

use crate::random::Dice;
use crate::sent::{same_meaning, validate, without_descriptions};
use anyhow::{Context, Result, bail};
use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, Document, FragmentDefinition};
use apollo_compiler::validation::Valid;
use graphwright_cli::lint::settings::{Choice, Profiles, Settings};
use graphwright_cli::lint::{Fixes, Project, Targets, fix};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The schema of the documents: it has a violation for every rule with a fix.
pub const SCHEMA: &str = "
type Query {
  me: User user(id: ID!, locale: String! = \"en\"): User node(id: ID!): Node team: Team
  users(first: Int, after: String, last: Int, before: String, role: Role): UserConnection!
  search(text: String!, first: Int): [Found!]!
}
type Mutation { rename(input: RenameInput!): RenamePayload }
input RenameInput { id: ID! name: String tags: [String!] }
type RenamePayload { user: User errors: [Problem!]! }
type Problem { field: String! messages: [String!]! }
interface Node { id: ID! }
type User implements Node {
  id: ID! name(style: String, short: Boolean): String login: String @deprecated(reason: \"Use `nick`.\") nick: String
  role: Role team: Team friends(first: Int, after: String): UserConnection! manager: User
}
type Team implements Node { id: ID! title: String lead: User }
union Found = User | Team
type UserConnection { nodes: [User!]! edges: [Edge!]! pageInfo: PageInfo! totalCount: Int }
type Edge { node: User cursor: String }
type PageInfo { hasNextPage: Boolean! endCursor: String hasPreviousPage: Boolean! startCursor: String }
enum Role { ADMIN GUEST }
";

/// A field that is selected: with arguments, and the type of its selections, if it has some.
type FieldChoice = (&'static str, &'static str);

const FIELDS: [(&str, &[FieldChoice]); 9] = [
    (
        "Query",
        &[
            ("me", "User"),
            ("user ( locale : $locale id : \"1 # no\" )", "User"),
            ("user ( id : $id )", "User"),
            ("node ( id : 7 )", "Node"),
            ("team", "Team"),
            ("users ( role : ADMIN after : $after )", "UserConnection"),
            ("users ( last : 3 before : \"\"\"a # b\"\"\" )", "UserConnection"),
            ("search ( text : \"x\" )", "Found"),
        ],
    ),
    ("Mutation", &[("rename ( input : { name : \"n\" id : 1 tags : [ \"a\" \"#b\" ] } )", "RenamePayload")]),
    ("RenamePayload", &[("user", "User")]),
    ("Node", &[("id", ""), ("__typename", "")]),
    (
        "User",
        &[
            ("id", ""),
            ("id", ""),
            ("name", ""),
            ("name ( style : \"s\" short : true )", ""),
            ("login", ""),
            ("role", ""),
            ("team", "Team"),
            ("friends", "UserConnection"),
            ("manager", "User"),
        ],
    ),
    ("Team", &[("title", ""), ("title", ""), ("id", ""), ("lead", "User")]),
    ("Found", &[("__typename", "")]),
    ("UserConnection", &[("nodes", "User"), ("totalCount", ""), ("edges", "Edge"), ("pageInfo", "PageInfo")]),
    ("Edge", &[("node", "User"), ("cursor", "")]),
];

/// Types that a fragment in a selection set of a type can have.
const CONDITIONS: [(&str, &[&str]); 5] = [
    ("User", &["User", "Node"]),
    ("Team", &["Team", "Node"]),
    ("Node", &["User", "Team", "Node"]),
    ("Found", &["User", "Team", "Node"]),
    ("Query", &["Query"]),
];

/// The files of a project.
pub type Files = BTreeMap<String, String>;

/// Returns a random project.
pub fn project(seed: u64) -> Files {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9) + 1);
    let fragments: Vec<(String, &str)> = (0..dice.below(5))
        .map(|at| {
            let ty = ["User", "Team", "Node", "Query"][dice.below(4)];
            (format!("{}{at}", ["Part", "part", "some_part"][dice.below(3)]), ty)
        })
        .collect();
    let mut writer = Writer { dice, fragments, tokens: Vec::new(), used: BTreeSet::new(), comments: 0 };
    let mut definitions: Vec<Vec<Token>> = Vec::new();
    for at in 0..writer.fragments.len() {
        definitions.push(writer.fragment(at));
    }
    for at in 0..1 + writer.dice.below(4) {
        definitions.push(writer.operation(at));
    }
    let count = 1 + writer.dice.below(3);
    let mut files = vec![Vec::new(); count];
    for definition in definitions {
        let at = writer.dice.below(count);
        files[at].push(definition);
    }
    let written = files.into_iter().filter(|file| !file.is_empty()).enumerate();
    written.map(|(at, file)| (format!("ops/file{at}.graphql"), writer.text(&file))).collect()
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Text(String),
    /// A selection or definition begins.
    Item,
}

struct Writer {
    dice: Dice,
    /// Name and type; each spreads only those after it.
    fragments: Vec<(String, &'static str)>,
    tokens: Vec<Token>,
    /// Variables that an operation uses.
    used: BTreeSet<&'static str>,
    comments: usize,
}

impl Writer {
    fn push(&mut self, words: &str) {
        // A text with a blank in it is one token.
        let mut rest = words.trim_start();
        while !rest.is_empty() {
            let end = match rest.strip_prefix('"') {
                Some(_) => {
                    let quote = if rest.starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
                    rest[quote.len()..].find(quote).map_or(rest.len(), |at| at + 2 * quote.len())
                }
                None => rest.find(' ').unwrap_or(rest.len()),
            };
            self.tokens.push(Token::Text(rest[..end].to_owned()));
            rest = rest[end..].trim_start();
        }
    }

    fn fragment(&mut self, at: usize) -> Vec<Token> {
        let (name, ty) = self.fragments[at].clone();
        if self.dice.one_in(12) {
            self.push("\"\"\"describes # it\"\"\"");
        }
        self.push(&format!("fragment {name} on {ty}"));
        self.selections(ty, 2, at + 1, false);
        std::mem::take(&mut self.tokens)
    }

    fn operation(&mut self, at: usize) -> Vec<Token> {
        self.used.clear();
        let (kind, root) = if self.dice.one_in(5) { ("mutation", "Mutation") } else { ("query", "Query") };
        let from = if self.dice.one_in(3) { self.fragments.len() } else { 0 };
        self.selections(root, 3, from, true);
        let body = std::mem::take(&mut self.tokens);
        if self.dice.one_in(12) {
            self.push("\"says # what\"");
        }
        let name = ["Get", "get_it", "get", "Q"][self.dice.below(4)];
        self.push(&format!("{kind} {name}{at}"));
        let mut variables: Vec<&str> = self.used.iter().copied().collect();
        if self.dice.one_in(6) {
            variables.insert(0, "$unused : Int = 3");
        }
        if self.dice.one_in(2) {
            variables.reverse();
        }
        if !variables.is_empty() {
            self.push("(");
            for variable in variables {
                self.push(variable);
            }
            self.push(")");
        }
        self.tokens.extend(body);
        std::mem::take(&mut self.tokens)
    }

    fn selections(&mut self, ty: &'static str, depth: usize, from: usize, takes_variables: bool) {
        self.push("{");
        let fields = FIELDS.iter().find(|(name, _)| *name == ty).map(|(_, fields)| *fields).unwrap_or_default();
        let conditions = CONDITIONS.iter().find(|(name, _)| *name == ty).map(|(_, all)| *all).unwrap_or_default();
        let first = self.tokens.len();
        for at in 0..1 + self.dice.below(5) {
            let start = self.tokens.len();
            self.tokens.push(Token::Item);
            match self.dice.below(8) {
                0 if at > 0 && first < start => {
                    // Repeat the first item of the set.
                    let second = self.tokens[first + 1..].iter().position(|one| *one == Token::Item);
                    let end = second.map_or(start, |at| first + 1 + at).min(start);
                    let again = self.tokens[first + 1..end].to_vec();
                    let depth =
                        |text: &str| again.iter().filter(|one| matches!(one, Token::Text(t) if t == text)).count();
                    if depth("{") == depth("}") {
                        self.tokens.extend(again);
                    } else {
                        self.push("__typename");
                    }
                }
                1 if depth > 0 && !conditions.is_empty() => {
                    let condition = conditions[self.dice.below(conditions.len())];
                    let on = if self.dice.one_in(4) { ty } else { condition };
                    match self.dice.below(4) {
                        0 if on == ty => self.push("..."),
                        _ => self.push(&format!("... on {on}")),
                    }
                    self.directive(takes_variables);
                    self.selections(on, depth - 1, from, takes_variables);
                }
                2 | 3 if from < self.fragments.len() => {
                    let (name, on) = self.fragments[from + self.dice.below(self.fragments.len() - from)].clone();
                    if conditions.contains(&on) {
                        self.push(&format!("...{name}"));
                        self.directive(takes_variables);
                    } else {
                        self.push("__typename");
                    }
                }
                _ => {
                    let (field, below) =
                        fields.get(self.dice.below(fields.len())).copied().unwrap_or(("__typename", ""));
                    if (!below.is_empty() && depth == 0) || (field.contains('$') && !takes_variables) {
                        self.push("__typename");
                        continue;
                    }
                    for (variable, declared) in
                        [("$locale", "$locale : String = \"de\""), ("$id", "$id : ID!"), ("$after", "$after : String")]
                    {
                        if field.contains(variable) {
                            self.used.insert(declared);
                        }
                    }
                    // Aliases, so that fields of one name with other arguments are valid beside each other.
                    let call: String = field.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
                    if field.contains('(') || self.dice.one_in(9) {
                        self.push(&format!("k{call} : {field}"));
                    } else {
                        self.push(field);
                    }
                    self.directive(takes_variables);
                    if !below.is_empty() {
                        self.selections(below, depth - 1, from, takes_variables);
                    }
                }
            }
        }
        self.tokens.push(Token::Item);
        self.push("}");
    }

    fn directive(&mut self, takes_variables: bool) {
        match self.dice.below(20) {
            0 => self.push("@include ( if : true )"),
            1 if takes_variables => {
                self.used.insert("$flag : Boolean!");
                self.push("@skip ( if : $flag )");
            }
            _ => {}
        }
    }

    /// Returns the text of a file.
    fn text(&mut self, definitions: &[Vec<Token>]) -> String {
        let end = ["\n", "\n", "\r\n", "\r\n", "mixed", "\r"][self.dice.below(6)];
        let is_wild = self.dice.one_in(2);
        // Comments are rare, usual, or everywhere.
        let every = [60, 14, 4][self.dice.below(3)];
        let mut text = String::new();
        if self.dice.one_in(4) {
            text.push('\u{feff}');
        }
        let mut depth = 0_usize;
        for definition in definitions {
            self.line(&mut text, end);
            let mut is_item = false;
            for token in definition {
                let Token::Text(token) = token else {
                    is_item = true;
                    continue;
                };
                depth -= usize::from(token == "}" && depth > 0);
                self.blank(&mut text, (end, is_wild, every), depth, is_item);
                depth += usize::from(token == "{");
                text.push_str(token);
                is_item = false;
            }
            self.comment(&mut text, every, end);
        }
        if !self.dice.one_in(4) {
            self.line(&mut text, end);
        }
        text
    }

    fn line(&mut self, text: &mut String, end: &str) {
        text.push_str(if end == "mixed" { ["\n", "\r\n"][self.dice.below(2)] } else { end });
    }

    fn comment(&mut self, text: &mut String, every: usize, end: &str) {
        if self.dice.one_in(every) {
            self.comments += 1;
            let _ = write!(text, "# c{} {{ ( \" ", self.comments);
            self.line(text, end);
        }
    }

    /// Writes blanks between two tokens.
    fn blank(&mut self, text: &mut String, (end, is_wild, every): (&str, bool, usize), depth: usize, is_item: bool) {
        let indent = "  ".repeat(depth);
        if is_wild {
            for _ in 0..1 + self.dice.below(2) {
                match self.dice.below(12) {
                    0 => self.line(text, end),
                    1 => text.push_str(", "),
                    2 => text.push('\t'),
                    3 => text.push_str("   "),
                    _ => text.push(' '),
                }
                self.comment(text, every, end);
            }
        } else if is_item {
            if self.dice.one_in(every) {
                text.push(' ');
                self.comment(text, 1, end);
            } else {
                self.line(text, end);
            }
            if self.dice.one_in(9) {
                self.line(text, end);
            }
            text.push_str(&indent);
            if self.dice.one_in(every) {
                self.comment(text, 1, end);
                text.push_str(&indent);
            }
        } else {
            text.push(' ');
        }
    }
}

/// The judged items.
#[derive(Debug, Default)]
pub struct Totals {
    /// Files that were given.
    pub documents: usize,
    /// Fixes that were made.
    pub made: usize,
    /// Fixes that were refused.
    pub refused: usize,
    /// The failures, each with its seed.
    pub failures: Vec<String>,
}

/// Fixes random projects and judges them, until so many documents were seen.
///
/// # Errors
/// The linter cannot run at all.
pub fn run(first_seed: u64, documents: usize) -> Result<Totals> {
    let schema =
        Schema::parse_and_validate(SCHEMA, "schema.graphql").map_err(|found| anyhow::anyhow!("{}", found.errors))?;
    let mut totals = Totals::default();
    for seed in first_seed.. {
        if totals.documents >= documents {
            break;
        }
        let files = project(seed);
        totals.documents += files.len();
        for which in [Fixes::Safe, Fixes::All] {
            let (after, made, refused) = fixed(&files, which)?;
            totals.made += made;
            totals.refused += refused;
            let judged = judge(&schema, &files, &after, which).and_then(|()| {
                let (again, ..) = fixed(&after, which)?;
                if let Some(name) = after.keys().find(|name| after.get(*name) != again.get(*name)) {
                    bail!("fixing twice changes {name} again, from\n{}\nto\n{}", after[name], again[name]);
                }
                Ok(())
            });
            if let Err(error) = judged {
                totals.failures.push(format!("seed {seed}, {which:?}: {error:#}"));
            }
        }
    }
    Ok(totals)
}

/// Returns the files after fixes, with how many were made and refused.
fn fixed(files: &Files, which: Fixes) -> Result<(Files, usize, usize)> {
    const SETTINGS: &str = "extends = [\"all\"]\n[rules]\nno-anonymous-operations = \"warn\"\n[rules.alphabetize]\n\
                            definitions = true\noperations = true\nfragments = true\narguments = true\nvariables = true\n\
                            directive_arguments = true\n";
    let settings: Settings = toml::from_str(SETTINGS)?;
    let profiles = Profiles::new(&settings, Choice::default()).map_err(anyhow::Error::msg)?;
    let mut project = Project::default();
    project.schema.push(project.sources.add("schema.graphql", SCHEMA));
    for (name, text) in files {
        project.add(name.as_str(), text.as_str());
    }
    let fixed = fix(&project, &profiles, &Targets::All, &settings, None, which)
        .map_err(|problems| anyhow::anyhow!("{problems}"))?;
    let mut after = files.clone();
    for (name, text) in &fixed.texts {
        after.insert(name.clone(), text.to_string());
    }
    Ok((after, fixed.made.values().sum(), fixed.refused.len()))
}

/// Judges the fixes of some files.
///
/// # Errors
/// A forbidden change.
pub fn judge(schema: &Valid<Schema>, before: &Files, after: &Files, which: Fixes) -> Result<()> {
    for (name, old) in before {
        let new = after.get(name).with_context(|| format!("{name} is gone"))?;
        judge_text(old, new).with_context(|| format!("{name}, from\n{old}\nto\n{new}\n"))?;
    }
    let plain = |files: &Files| -> Files { files.iter().map(|(name, text)| (name.clone(), plain(text))).collect() };
    let (before, after) = (&plain(before), &plain(after));
    for (name, text) in before {
        Document::parse(text, name)
            .map_err(|found| anyhow::anyhow!("the judge cannot read {name}: {}", found.errors))?;
    }
    if which == Fixes::Safe {
        same_meaning(schema, before, after)?;
    }
    if invalid(schema, before)?.is_none()
        && let Some(error) = invalid(schema, after)?
    {
        bail!("not valid any more: {error}");
    }
    Ok(())
}

fn judge_text(old: &str, new: &str) -> Result<()> {
    if old.starts_with('\u{feff}') != new.starts_with('\u{feff}') {
        bail!("the byte order mark changed");
    }
    let (kept, now) = (comments(old), comments(new));
    for (comment, count) in &kept {
        if now.get(comment).copied().unwrap_or_default() < *count {
            bail!("the comment {comment:?} is lost");
        }
    }
    if let Some(added) = now.keys().find(|comment| !kept.contains_key(*comment) && !comment.starts_with("#import ")) {
        bail!("the comment {added:?} is new");
    }
    let (ends, new_ends) = (line_ends(old), line_ends(new));
    if let Some(other) = new_ends.difference(&ends).find(|_| !ends.is_empty()) {
        bail!("the line ending {other:?} is new");
    }
    let definitions = |text: &str| Document::parse(plain(text), "file").map_or(0, |one| one.definitions.len());
    if definitions(old) > 0 && definitions(new) == 0 {
        bail!("the file is empty, or does not parse");
    }
    Ok(())
}

/// Returns the text without comments, commas and descriptions, which the parser does not take in all places.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for (is_text, part) in parts(text) {
        match part.starts_with('#') {
            true => plain.push(' '),
            false if is_text => plain.push_str(part),
            false => plain.push_str(&part.replace([',', '\u{feff}'], " ")),
        }
    }
    without_descriptions(&plain)
}

/// Returns the comments of a text.
fn comments(text: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (_, part) in parts(text).into_iter().filter(|(_, part)| part.starts_with('#')) {
        *found.entry(part.trim_end().to_owned()).or_default() += 1;
    }
    found
}

/// Returns comments and string values, and the text between them, found letter by letter; with whether it is a value.
fn parts(text: &str) -> Vec<(bool, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['#', '"']) {
        found.push((false, &rest[..at]));
        rest = &rest[at..];
        let end = if rest.starts_with('#') {
            rest.find(['\n', '\r']).unwrap_or(rest.len())
        } else if let Some(block) = rest.strip_prefix("\"\"\"") {
            block.find("\"\"\"").map_or(rest.len(), |at| at + 6)
        } else {
            rest[1..].find('"').map_or(rest.len(), |at| at + 2)
        };
        found.push((!rest.starts_with('#'), &rest[..end]));
        rest = &rest[end..];
    }
    found.push((false, rest));
    found
}

fn line_ends(text: &str) -> BTreeSet<&'static str> {
    let pairs = text.matches("\r\n").count();
    let of = |end: &'static str, count: usize| (count > 0).then_some(end);
    let alone = |letter: char| text.matches(letter).count() - pairs;
    [of("\r\n", pairs), of("\n", alone('\n')), of("\r", alone('\r'))].into_iter().flatten().collect()
}

/// Returns the error in the first operation that is not valid with the fragments that it needs.
fn invalid(schema: &Valid<Schema>, files: &Files) -> Result<Option<String>> {
    let mut fragments: BTreeMap<String, FragmentDefinition> = BTreeMap::new();
    let mut operations = Vec::new();
    for (name, text) in files {
        let document = match Document::parse(text.as_str(), name) {
            Ok(document) => document,
            Err(found) => return Ok(Some(found.errors.to_string())),
        };
        for definition in document.definitions {
            match definition {
                Definition::FragmentDefinition(one) => {
                    fragments.insert(one.name.to_string(), FragmentDefinition::clone(&one));
                }
                Definition::OperationDefinition(one) => operations.push(one),
                _ => {}
            }
        }
    }
    for operation in operations {
        let mut text = operation.to_string();
        let mut seen = BTreeSet::new();
        let mut open = spreads(&text);
        while let Some(name) = open.pop() {
            if let (Some(fragment), true) = (fragments.get(&name), seen.insert(name)) {
                let more = fragment.serialize().to_string();
                open.extend(spreads(&more));
                text += &more;
            }
        }
        if let Err(error) = validate(schema, &text, true) {
            return Ok(Some(format!("{error:#}\n{text}")));
        }
    }
    Ok(None)
}

/// Returns the names after dots in a printed text.
fn spreads(text: &str) -> Vec<String> {
    let names =
        text.split("...").skip(1).map(|rest| rest.chars().take_while(|next| next.is_alphanumeric() || *next == '_'));
    names.map(Iterator::collect::<String>).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_judge_sees_what_a_fix_must_not_do() {
        let schema = Schema::parse_and_validate(SCHEMA, "schema.graphql").unwrap();
        let old = "\u{feff}query Q {\r\n  me { id id # twice\r\n  }\r\n}\r\n";
        let judged = |new: &str| {
            let files = |text: &str| Files::from([("a.graphql".to_owned(), text.to_owned())]);
            judge(&schema, &files(old), &files(new), Fixes::Safe)
                .map_or_else(|error| error.root_cause().to_string(), |()| String::new())
        };
        assert_eq!(judged(&old.replace("id id", "id")), "");
        assert_eq!(judged(&old.replace("id id", "__typename id")), "");
        for (new, what) in [
            (old.replace(" # twice", ""), "is lost"),
            (old.replace("# twice", "# once"), "is lost"),
            (old.replace("id id", "id\n id"), "line ending"),
            (old.replace('\u{feff}', ""), "byte order mark"),
            (old.replace("id id", "name"), "is sent and was not written"),
            (old.replace("query Q", "query R"), "defines"),
            ("\u{feff}# twice\r\n".to_owned(), "empty"),
        ] {
            let said = judged(&new);
            assert!(said.contains(what), "{new:?} is judged {said:?}");
        }
    }
}
