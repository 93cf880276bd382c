//! Values as they are written in a configuration: JavaScript, JSON and YAML alike.
//!
//! A tree has everything with its place in the text, what cannot be read included. References are not followed yet.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

/// How deeply values may be nested; a configuration has less than ten levels.
pub const MAX_DEPTH: usize = 100;

/// Why a text cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub range: Range<usize>,
    /// What was found, and what was expected.
    pub message: String,
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its place in the text.
    pub range: Range<usize>,
    /// The value.
    pub value: Value,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null` or `undefined`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string, or a template without expressions.
    String(String),
    /// `/pattern/flags`
    Regex(Regex),
    /// A list.
    Array(Vec<Item>),
    /// A table.
    Object(Vec<Entry>),
    /// A name with members: `plugin.configs["flat/schema-all"].rules`.
    Path(Path),
    /// A call of a name with members.
    Call(Call),
    /// What only a program knows.
    Unread(Unread),
}

/// A regular expression in the syntax of JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regex {
    /// What is between the slashes.
    pub pattern: String,
    /// What is after them.
    pub flags: String,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A value.
    Value(Node),
    /// `...value`
    Spread(Node),
}

/// A part of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// `key: value`
    Property(Key, Node),
    /// `...value`
    Spread(Node),
    /// A computed key, a getter or a method.
    Unread(Range<usize>, Unread),
}

/// The name of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Its place.
    pub range: Range<usize>,
    /// The name.
    pub text: String,
}

/// A name with members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Where it begins.
    pub base: Base,
    /// The members.
    pub members: Vec<String>,
}

/// Where a path begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// A name of the file.
    Name(String),
    /// `require("module")`
    Module(String),
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.base {
            Base::Name(name) => write!(f, "{name}")?,
            Base::Module(module) => write!(f, "require(\"{module}\")")?,
        }
        for member in &self.members {
            let is_name = member.chars().all(|next| next.is_alphanumeric() || matches!(next, '_' | '$'));
            if is_name { write!(f, ".{member}")? } else { write!(f, "[\"{member}\"]")? }
        }
        Ok(())
    }
}

/// A call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What is called.
    pub callee: Path,
    /// Whether it is called with `new`.
    pub kind: CallKind,
    /// What it is called with.
    pub arguments: Vec<Item>,
}

/// How something is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// `f()`
    Function,
    /// `new F()`
    Constructor,
}

/// What cannot be read without running a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// A function or a class.
    Function,
    /// `a ? b : c`
    Conditional,
    /// `a || b`, `a + b`, `!a`, `await a`
    Operator,
    /// A template with expressions.
    Template,
    /// `a[b]`, `{ [a]: b }`
    Computed,
    /// A call of what a call returns, or of a member of a literal.
    Chain,
    /// A getter, a setter or a method.
    Method,
    /// An alias or a tag of YAML.
    Yaml,
    /// A statement.
    Statement,
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Function => "a function",
            Self::Conditional => "a conditional",
            Self::Operator => "an operator",
            Self::Template => "a template with expressions",
            Self::Computed => "a computed name",
            Self::Chain => "a chain of calls",
            Self::Method => "a method",
            Self::Yaml => "an alias or a tag",
            Self::Statement => "a statement",
        })
    }
}

/// What a file says: the value that it exports, and the names that the value is made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Module {
    /// The configuration; JSON and YAML are nothing else.
    pub exported: Option<Node>,
    /// Constants and imports, by name.
    pub bindings: HashMap<String, Binding>,
    /// Statements that may change a value after it was made.
    pub unread: Vec<Range<usize>>,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq)]
pub enum Binding {
    /// An import, with the members that lead to the value.
    Import(Path),
    /// A constant.
    Constant(Node),
}
