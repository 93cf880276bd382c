//! Values as written in a configuration, whether JavaScript, JSON or YAML.
//!
//! The tree records the range of every value, including unreadable ones. References are not resolved yet.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

/// The maximum nesting depth of values; real configurations have less than ten levels.
pub const MAX_DEPTH: usize = 100;

/// The error for a text that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The range of the error.
    pub range: Range<usize>,
    /// The found and the expected syntax.
    pub message: String,
}

/// A value with its range.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The range in the text.
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
    /// An expression that is evaluated at run time.
    Unread(Unread),
}

/// A regular expression in the syntax of JavaScript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regex {
    /// The text between the slashes.
    pub pattern: String,
    /// The text after the slashes.
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
    /// The range in the text.
    pub range: Range<usize>,
    /// The name.
    pub text: String,
}

/// A name with members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The beginning of the path.
    pub base: Base,
    /// The members.
    pub members: Vec<String>,
}

/// The beginning of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// A name defined in the file.
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
    /// The called function.
    pub callee: Path,
    /// Whether it is called with `new`.
    pub kind: CallKind,
    /// The arguments.
    pub arguments: Vec<Item>,
}

/// The kind of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallKind {
    /// `f()`
    Function,
    /// `new F()`
    Constructor,
}

/// An expression that cannot be read without running the program.
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
    /// A call of the result of a call, or of a member of a literal.
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

/// A parsed file: the exported value, and the names that it uses.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Module {
    /// The configuration; the only part of JSON and YAML files.
    pub exported: Option<Node>,
    /// Constants and imports, by name.
    pub bindings: HashMap<String, Binding>,
    /// Statements that may modify a value.
    pub unread: Vec<Range<usize>>,
}

/// The definition of a name.
#[derive(Debug, Clone, PartialEq)]
pub enum Binding {
    /// An import, with the member path of the value.
    Import(Path),
    /// A constant.
    Constant(Node),
}
