//! Parses JavaScript expressions: literals, names and calls as values, and the extent of everything else.

use super::lexer::{Kind, Token, tokens};
use crate::cli::migrate::syntax::{
    Base, Call, CallKind, Entry, Item, Key, MAX_DEPTH, Node, Path, SyntaxError, Unread, Value,
};
use std::ops::Range;

/// A position among the tokens of a text.
pub struct Parser {
    tokens: Vec<Token>,
    pub(super) at: usize,
    depth: usize,
}

impl Parser {
    /// Creates a parser at the beginning of a text.
    pub fn new(text: &str) -> Result<Self, SyntaxError> {
        Ok(Self { tokens: tokens(text)?, at: 0, depth: 0 })
    }

    /// Returns the current token.
    pub fn token(&self) -> &Token {
        self.ahead(0)
    }

    /// Returns a token after the current one; past the end, the end token.
    pub fn ahead(&self, by: usize) -> &Token {
        let last = self.tokens.len() - 1;
        &self.tokens[(self.at + by).min(last)]
    }

    /// Returns the token before the current one.
    pub fn before(&self) -> Option<&Token> {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at))
    }

    /// Consumes the current token.
    pub fn take(&mut self) -> Token {
        let token = self.token().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    /// Consumes a character if it is the current token.
    pub fn takes(&mut self, punct: char) -> bool {
        let is_here = self.token().kind.is(punct);
        if is_here {
            self.take();
        }
        is_here
    }

    /// Consumes a name if it is the current token.
    pub fn takes_name(&mut self, name: &str) -> bool {
        let is_here = self.token().kind.is_name(name);
        if is_here {
            self.take();
        }
        is_here
    }

    /// Consumes any name.
    pub fn name(&mut self) -> Option<String> {
        let Kind::Name(name) = &self.token().kind else { return None };
        let name = name.clone();
        self.take();
        Some(name)
    }

    /// Consumes any string.
    pub fn string(&mut self) -> Option<String> {
        let Kind::String(text) = &self.token().kind else { return None };
        let text = text.clone();
        self.take();
        Some(text)
    }

    /// True at the end of the text.
    pub fn is_at_end(&self) -> bool {
        self.token().kind == Kind::End
    }

    /// Expects the end of the text.
    pub fn end(&self) -> Result<(), SyntaxError> {
        if self.is_at_end() { Ok(()) } else { self.unexpected("the end of the file") }
    }

    pub(super) fn unexpected<T>(&self, expected: &str) -> Result<T, SyntaxError> {
        let found = match &self.token().kind {
            Kind::Name(name) => format!("`{name}`"),
            Kind::String(_) => "a string".to_owned(),
            Kind::Template => "a template".to_owned(),
            Kind::Number(_) => "a number".to_owned(),
            Kind::Regex(_) => "a regular expression".to_owned(),
            Kind::Spread => "`...`".to_owned(),
            Kind::Arrow => "`=>`".to_owned(),
            Kind::Punct(punct) => format!("`{punct}`"),
            Kind::End => "the end of the file".to_owned(),
        };
        Err(SyntaxError { range: self.token().range.clone(), message: format!("expected {expected}, found {found}") })
    }

    fn expect(&mut self, punct: char) -> Result<Token, SyntaxError> {
        if self.token().kind.is(punct) { Ok(self.take()) } else { self.unexpected(&format!("`{punct}`")) }
    }

    fn since(&self, start: usize) -> Range<usize> {
        start..self.before().map_or(start, |token| token.range.end.max(start))
    }

    /// Reads an expression.
    pub fn value(&mut self) -> Result<Node, SyntaxError> {
        if self.depth == MAX_DEPTH {
            let range = self.token().range.clone();
            let message = format!("values are nested more than {MAX_DEPTH} levels deep");
            return Err(SyntaxError { range, message });
        }
        self.depth += 1;
        let node = self.expression();
        self.depth -= 1;
        node
    }

    fn expression(&mut self) -> Result<Node, SyntaxError> {
        let start = self.token().range.start;
        let begin = self.at;
        if self.is_function() {
            self.skip(begin)?;
            return Ok(Node { range: self.since(start), value: Value::Unread(Unread::Function) });
        }
        let value = self.primary()?;
        let value = self.members(value)?;
        let range = self.since(start);
        self.skip_types()?;
        let unread = match &self.token().kind {
            kind if Self::is_delimiter(kind) => None,
            Kind::Punct('?') => Some(Unread::Conditional),
            Kind::Arrow => Some(Unread::Function),
            _ if self.begins_statement() => None,
            Kind::Punct(_) => Some(Unread::Operator),
            Kind::Name(name) if matches!(&**name, "in" | "instanceof") => Some(Unread::Operator),
            _ => return self.unexpected("`,` or the end of the value"),
        };
        let Some(unread) = unread else { return Ok(Node { range, value }) };
        self.at = begin;
        self.skip(begin)?;
        Ok(Node { range: self.since(start), value: Value::Unread(unread) })
    }

    /// Returns true for `function`, `class`, `async`, `x => …` and `(…) => …`.
    fn is_function(&self) -> bool {
        match &self.token().kind {
            Kind::Name(name) if matches!(&**name, "function" | "class") => true,
            Kind::Name(name) if name == "async" => {
                matches!(&self.ahead(1).kind, Kind::Name(_)) || self.ahead(1).kind.is('(')
            }
            Kind::Name(_) => self.ahead(1).kind == Kind::Arrow,
            Kind::Punct('(') => {
                let mut depth = 0usize;
                for at in self.at..self.tokens.len() {
                    match &self.tokens[at].kind {
                        Kind::Punct('(' | '[' | '{') => depth += 1,
                        Kind::Punct(')' | ']' | '}') => {
                            depth -= 1;
                            if depth == 0 {
                                let next = self.tokens.get(at + 1).map(|token| &token.kind);
                                // A return type may follow.
                                return matches!(next, Some(Kind::Arrow | Kind::Punct(':')));
                            }
                        }
                        _ => {}
                    }
                }
                false
            }
            _ => false,
        }
    }

    fn primary(&mut self) -> Result<Value, SyntaxError> {
        Ok(match &self.token().kind {
            Kind::String(text) => {
                let text = text.clone();
                self.take();
                Value::String(text)
            }
            Kind::Number(number) => {
                let number = *number;
                self.take();
                Value::Number(number)
            }
            Kind::Regex(regex) => {
                let regex = regex.clone();
                self.take();
                Value::Regex(regex)
            }
            Kind::Template => {
                self.take();
                Value::Unread(Unread::Template)
            }
            Kind::Punct('[') => self.array()?,
            Kind::Punct('{') => self.object()?,
            Kind::Punct('(') => {
                self.take();
                let inner = self.value()?;
                self.expect(')')?;
                inner.value
            }
            Kind::Punct('-') if matches!(self.ahead(1).kind, Kind::Number(_)) => {
                self.take();
                match self.take().kind {
                    Kind::Number(number) => Value::Number(-number),
                    _ => Value::Unread(Unread::Operator),
                }
            }
            Kind::Punct('!' | '-' | '+' | '~') => {
                self.take();
                self.value()?;
                Value::Unread(Unread::Operator)
            }
            Kind::Name(name) => match &**name {
                "true" | "false" => Value::Bool(self.take().kind.is_name("true")),
                "null" | "undefined" => {
                    self.take();
                    Value::Null
                }
                "await" | "typeof" | "void" | "delete" | "yield" => {
                    self.take();
                    self.value()?;
                    Value::Unread(Unread::Operator)
                }
                "new" => {
                    self.take();
                    self.construction()?
                }
                _ => Value::Path(Path { base: Base::Name(self.name().unwrap_or_default()), members: Vec::new() }),
            },
            _ => return self.unexpected("a value"),
        })
    }

    fn construction(&mut self) -> Result<Value, SyntaxError> {
        let Some(name) = self.name() else { return self.unexpected("a class name") };
        let mut callee = Path { base: Base::Name(name), members: Vec::new() };
        while self.takes('.') {
            let Some(member) = self.name() else { return self.unexpected("a member name") };
            callee.members.push(member);
        }
        let arguments = if self.token().kind.is('(') { self.arguments()? } else { Vec::new() };
        Ok(Value::Call(Call { callee, kind: CallKind::Constructor, arguments }))
    }

    /// Reads members and calls after a value.
    fn members(&mut self, mut value: Value) -> Result<Value, SyntaxError> {
        loop {
            // `a\n[b]` is one expression in JavaScript, but here a list on its own line is not a member access.
            match &self.token().kind {
                Kind::Punct('!') if self.is_non_null() => {
                    self.take();
                }
                Kind::Punct('?') if self.ahead(1).kind.is('.') => {
                    self.take();
                }
                Kind::Punct('.') => {
                    self.take();
                    let Some(member) = self.name() else {
                        // `a?.[b]`, `a?.()`
                        if matches!(self.token().kind, Kind::Punct('[' | '(')) {
                            continue;
                        }
                        return self.unexpected("a member name");
                    };
                    value = member_of(value, member);
                }
                Kind::Punct('[') => {
                    self.take();
                    let key = self.value()?;
                    self.expect(']')?;
                    value = match key.value {
                        Value::String(member) => member_of(value, member),
                        _ => Value::Unread(Unread::Computed),
                    };
                }
                Kind::Punct('(') => {
                    let arguments = self.arguments()?;
                    value = call_of(value, arguments);
                }
                _ => return Ok(value),
            }
        }
    }

    fn is_non_null(&self) -> bool {
        let next = &self.ahead(1).kind;
        Self::is_delimiter(next) || matches!(next, Kind::Punct('.' | '['))
    }

    fn arguments(&mut self) -> Result<Vec<Item>, SyntaxError> {
        self.expect('(')?;
        self.items(')')
    }

    fn array(&mut self) -> Result<Value, SyntaxError> {
        self.expect('[')?;
        self.items(']').map(Value::Array)
    }

    fn items(&mut self, close: char) -> Result<Vec<Item>, SyntaxError> {
        let mut items = Vec::new();
        loop {
            while self.takes(',') {}
            if self.takes(close) {
                return Ok(items);
            }
            if self.token().kind == Kind::Spread {
                self.take();
                items.push(Item::Spread(self.value()?));
            } else {
                items.push(Item::Value(self.value()?));
            }
            if !self.token().kind.is(',') && !self.token().kind.is(close) {
                return self.unexpected(&format!("`,` or `{close}`"));
            }
        }
    }

    fn object(&mut self) -> Result<Value, SyntaxError> {
        self.expect('{')?;
        let mut entries = Vec::new();
        loop {
            while self.takes(',') {}
            if self.takes('}') {
                return Ok(Value::Object(entries));
            }
            entries.push(self.entry()?);
            if !self.token().kind.is(',') && !self.token().kind.is('}') {
                return self.unexpected("`,` or `}`");
            }
        }
    }

    fn entry(&mut self) -> Result<Entry, SyntaxError> {
        let start = self.token().range.start;
        if self.token().kind == Kind::Spread {
            self.take();
            return Ok(Entry::Spread(self.value()?));
        }
        if self.token().kind.is('[') {
            self.take();
            let key = self.value()?;
            self.expect(']')?;
            if let (Value::String(text), true) = (&key.value, self.takes(':')) {
                let key = Key { range: key.range.clone(), text: text.clone() };
                return Ok(Entry::Property(key, self.value()?));
            }
            let begin = self.at;
            self.skip(begin)?;
            return Ok(Entry::Unread(self.since(start), Unread::Computed));
        }
        let begin = self.at;
        let token = self.take();
        let is_name = matches!(token.kind, Kind::Name(_));
        let text = match token.kind {
            Kind::Name(text) | Kind::String(text) => text,
            Kind::Number(number) => number.to_string(),
            _ => {
                self.at = begin;
                return self.unexpected("a property name");
            }
        };
        let key = Key { range: token.range.clone(), text };
        if self.takes(':') {
            return Ok(Entry::Property(key, self.value()?));
        }
        if is_name && matches!(self.token().kind, Kind::Punct(',' | '}')) {
            let path = Path { base: Base::Name(key.text.clone()), members: Vec::new() };
            return Ok(Entry::Property(key, Node { range: token.range, value: Value::Path(path) }));
        }
        // A method, `get x() {}`, `async x() {}`, `*x() {}`.
        if is_name && matches!(self.token().kind, Kind::Punct('(' | '*') | Kind::Name(_) | Kind::String(_)) {
            self.skip(begin)?;
            return Ok(Entry::Unread(self.since(start), Unread::Method));
        }
        self.unexpected("`:`")
    }
}

fn member_of(value: Value, member: String) -> Value {
    match value {
        Value::Path(mut path) => {
            path.members.push(member);
            Value::Path(path)
        }
        Value::Unread(unread) => Value::Unread(unread),
        _ => Value::Unread(Unread::Chain),
    }
}

fn call_of(value: Value, arguments: Vec<Item>) -> Value {
    let Value::Path(callee) = value else { return Value::Unread(Unread::Chain) };
    let is_require = callee.members.is_empty() && callee.base == Base::Name("require".to_owned());
    if is_require && let [Item::Value(Node { value: Value::String(module), .. })] = arguments.as_slice() {
        return Value::Path(Path { base: Base::Module(module.clone()), members: Vec::new() });
    }
    Value::Call(Call { callee, kind: CallKind::Function, arguments })
}
