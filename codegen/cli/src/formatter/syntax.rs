//! Converts tokens to documents: the layout of each kind of syntax.

use super::comments::{Node, is_next_line_empty};
use super::layout::{block, braces, empty, joined, list, separated, value_text};
use super::printer::Doc;
use super::{Style, tokens};
use graphwright_prebuilt::block_string;
use std::ops::Range;

/// Returns a text as a document with nodes, and the nodes; `None` if the parser does not support it.
pub(super) fn parse<'t>(text: &'t str, tokens: &tokens::Tokens, style: &Style) -> Option<(Doc<'t>, Vec<Node>)> {
    let whole = Node { range: 0..text.len(), children: Vec::new() };
    let mut parser = Parser { text, style, tokens: &tokens.tokens, at: 0, nodes: vec![whole], open: vec![0] };
    let mut definitions = Vec::new();
    while parser.peek().is_some() {
        let definition = parser.node(Parser::definition)?;
        parser.item(definition, &mut definitions);
    }
    let whole = match definitions.is_empty() {
        true => Doc::nothing(),
        false => Doc::All(vec![joined(definitions, || vec![Doc::HardLine]), Doc::HardLine]),
    };
    Some((Doc::Node(0, Box::new(whole)), parser.nodes))
}

struct Parser<'t, 'a> {
    text: &'t str,
    style: &'a Style,
    tokens: &'a [Range<usize>],
    at: usize,
    nodes: Vec<Node>,
    /// The nodes being parsed, the innermost last.
    open: Vec<usize>,
}

impl<'t> Parser<'t, '_> {
    fn peek(&self) -> Option<&'t str> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<&'t str> {
        self.tokens.get(self.at + ahead).map(|token| &self.text[token.clone()])
    }

    fn is(&self, word: &str) -> bool {
        self.peek() == Some(word)
    }

    fn eat(&mut self, word: &str) -> bool {
        let is_next = self.is(word);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.eat(word).then_some(())
    }

    /// Returns the next token.
    fn word(&mut self) -> Option<Doc<'t>> {
        let word = self.peek()?;
        self.at += 1;
        Some(Doc::Text(word))
    }

    /// Parses a node.
    fn node(&mut self, parse: impl FnOnce(&mut Self) -> Option<Doc<'t>>) -> Option<Doc<'t>> {
        let id = self.nodes.len();
        let start = self.tokens.get(self.at)?.start;
        self.nodes.push(Node { range: start..start, children: Vec::new() });
        if let Some(parent) = self.open.last() {
            self.nodes[*parent].children.push(id);
        }
        self.open.push(id);
        let doc = parse(self)?;
        self.open.pop();
        self.nodes[id].range.end = self.end();
        Some(Doc::Node(id, Box::new(doc)))
    }

    /// Returns the end of the token before the next one.
    fn end(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |last| self.tokens[last].end)
    }

    fn name(&mut self) -> Option<Doc<'t>> {
        match self.peek()?.as_bytes() {
            [b'_' | b'a'..=b'z' | b'A'..=b'Z', ..] => self.node(Self::word),
            _ => None,
        }
    }

    /// Adds an item of a sequence; keeps an empty line after it.
    fn item(&self, item: Doc<'t>, items: &mut Vec<Doc<'t>>) {
        let is_last = matches!(self.peek(), None | Some("}" | ")"));
        let blank = !is_last && is_next_line_empty(self.text, self.end());
        items.push(if blank { Doc::All(vec![item, Doc::HardLine]) } else { item });
    }

    fn definition(&mut self) -> Option<Doc<'t>> {
        let mut parts = Vec::new();
        self.description(&mut parts)?;
        if self.is("{") {
            parts.push(self.selections()?);
            return Some(Doc::All(parts));
        }
        let is_extension = self.eat("extend");
        if is_extension {
            parts.push(Doc::Text("extend "));
        }
        let keyword = self.peek()?;
        if keyword == "union" {
            let union = self.union_definition()?;
            parts.push(Doc::group(vec![union]));
            return Some(Doc::group(parts));
        }
        parts.push(self.word()?);
        match keyword {
            "query" | "mutation" | "subscription" => self.operation(&mut parts)?,
            "fragment" => self.fragment(&mut parts)?,
            "directive" => self.directive_definition(&mut parts)?,
            "schema" => self.members(&mut parts, Self::root_type)?,
            _ => {
                parts.extend([Doc::Text(" "), self.name()?]);
                self.interfaces(&mut parts)?;
                self.members(&mut parts, Self::member)?;
            }
        }
        Some(Doc::All(parts))
    }

    /// Parses a description on separate lines; that of an argument can be on the same line.
    fn description(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        if let Some(text) = self.peek().filter(|next| next.starts_with('"')) {
            let description = |parser: &mut Self| {
                parser.at += 1;
                Some(match block_string::content(text) {
                    Some(content) => block(&block_string::lines_of_description(block_string::lines(content))),
                    None => Doc::Text(text),
                })
            };
            parts.extend([self.node(description)?, Doc::HardLine]);
        }
        Some(())
    }

    fn operation(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        let is_named = !matches!(self.peek()?, "(" | "@" | "{");
        if is_named {
            parts.extend([Doc::Text(" "), self.name()?]);
        } else if self.is("(") {
            parts.push(Doc::Text(" "));
        }
        self.variables(parts)?;
        self.directives_of_executable(parts)?;
        parts.extend([Doc::Text(" "), self.selections()?]);
        Some(())
    }

    fn fragment(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        parts.extend([Doc::Text(" "), self.name()?]);
        self.variables(parts)?;
        self.expect("on")?;
        parts.extend([Doc::Text(" on "), self.name()?]);
        self.directives_of_executable(parts)?;
        parts.extend([Doc::Text(" "), self.selections()?]);
        Some(())
    }

    fn selections(&mut self) -> Option<Doc<'t>> {
        self.node(|parser| {
            parser.expect("{")?;
            let mut items = Vec::new();
            while !parser.eat("}") {
                let item = parser.node(Self::selection)?;
                parser.item(item, &mut items);
            }
            Some(braces(items))
        })
    }

    fn selection(&mut self) -> Option<Doc<'t>> {
        let mut parts = Vec::new();
        if self.eat("...") {
            parts.push(Doc::Text("..."));
            match self.peek()? {
                "on" if self.peek_at(1).is_some_and(|next| !matches!(next, "{" | "@")) => {
                    self.at += 1;
                    parts.extend([Doc::Text(" on "), self.name()?]);
                }
                "@" | "{" => {}
                _ => {
                    parts.push(self.name()?);
                    self.arguments(&mut parts, Self::argument)?;
                }
            }
        } else {
            parts.push(self.name()?);
            if self.eat(":") {
                parts.extend([Doc::Text(": "), self.name()?]);
            }
            self.arguments(&mut parts, Self::argument)?;
        }
        self.directives(&mut parts)?;
        if self.is("{") {
            parts.extend([Doc::Text(" "), self.selections()?]);
        }
        Some(Doc::group(parts))
    }

    fn directives(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        if self.is("@") {
            let all = self.all_directives()?;
            parts.extend([Doc::Text(" "), Doc::group(vec![Doc::indent(vec![Doc::SoftLine, all])])]);
        }
        Some(())
    }

    /// Parses the directives of an operation or fragment, which are not indented on separate lines.
    fn directives_of_executable(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        if self.is("@") {
            let all = self.all_directives()?;
            parts.push(Doc::group(vec![Doc::Line, all]));
        }
        Some(())
    }

    fn all_directives(&mut self) -> Option<Doc<'t>> {
        let mut all = Vec::new();
        while self.is("@") {
            all.push(self.node(|parser| {
                let mut parts = vec![parser.word()?, parser.name()?];
                parser.arguments(&mut parts, Self::argument)?;
                Some(Doc::All(parts))
            })?);
        }
        Some(joined(all, || vec![Doc::Line]))
    }

    /// Parses arguments, or definitions of arguments, with empty lines between them.
    fn arguments(&mut self, parts: &mut Vec<Doc<'t>>, parse: fn(&mut Self) -> Option<Doc<'t>>) -> Option<()> {
        if self.eat("(") {
            let mut items = Vec::new();
            while !self.eat(")") {
                let item = self.node(parse)?;
                self.item(item, &mut items);
            }
            parts.push(list("(", items, ")"));
        }
        Some(())
    }

    /// Parses variables, without empty lines between them.
    fn variables(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        if self.eat("(") {
            let mut items = Vec::new();
            while !self.eat(")") {
                items.push(self.node(Self::variable_definition)?);
            }
            parts.push(list("(", items, ")"));
        }
        Some(())
    }

    fn argument(&mut self) -> Option<Doc<'t>> {
        let name = self.name()?;
        self.expect(":")?;
        Some(Doc::All(vec![name, Doc::Text(": "), self.value()?]))
    }

    fn variable_definition(&mut self) -> Option<Doc<'t>> {
        let mut parts = Vec::new();
        self.description(&mut parts)?;
        parts.push(self.variable()?);
        self.type_and_rest(&mut parts)?;
        Some(Doc::All(parts))
    }

    /// Returns an argument or an input field in a schema.
    fn input_value(&mut self) -> Option<Doc<'t>> {
        let mut parts = Vec::new();
        let is_line = self.peek().is_some_and(|next| next.starts_with('"') && block_string::content(next).is_none());
        self.description(&mut parts)?;
        if is_line && let Some(end) = parts.last_mut() {
            *end = Doc::Line;
        }
        parts.push(self.name()?);
        self.type_and_rest(&mut parts)?;
        Some(Doc::All(parts))
    }

    /// Parses `: Type = value @directive`.
    fn type_and_rest(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        self.expect(":")?;
        parts.extend([Doc::Text(": "), self.ty()?]);
        if self.eat("=") {
            parts.extend([Doc::Text(" = "), self.value()?]);
        }
        self.directives(parts)
    }

    fn ty(&mut self) -> Option<Doc<'t>> {
        self.node(|parser| {
            let inner = if parser.is("[") {
                parser.node(|parser| {
                    parser.expect("[")?;
                    let inner = parser.ty()?;
                    parser.expect("]")?;
                    Some(Doc::All(vec![Doc::Text("["), inner, Doc::Text("]")]))
                })?
            } else {
                parser.name()?
            };
            Some(if parser.eat("!") { Doc::All(vec![inner, Doc::Text("!")]) } else { inner })
        })
    }

    fn variable(&mut self) -> Option<Doc<'t>> {
        self.node(|parser| {
            parser.expect("$")?;
            Some(Doc::All(vec![Doc::Text("$"), parser.name()?]))
        })
    }

    fn value(&mut self) -> Option<Doc<'t>> {
        match self.peek()? {
            "$" => self.variable(),
            "[" => self.node(|parser| {
                parser.expect("[")?;
                let mut items = Vec::new();
                while !parser.eat("]") {
                    items.push(parser.value()?);
                }
                Some(list("[", items, "]"))
            }),
            "{" => self.node(|parser| {
                parser.expect("{")?;
                let mut items = Vec::new();
                while !parser.eat("}") {
                    items.push(parser.node(Self::argument)?);
                }
                Some(parser.object(items))
            }),
            "}" | ")" | "]" | ":" | "=" | "@" | "!" | "|" | "&" | "(" | "..." => None,
            text => self.node(|parser| {
                parser.at += 1;
                Some(value_text(text))
            }),
        }
    }

    fn object(&self, items: Vec<Doc<'t>>) -> Doc<'t> {
        if items.is_empty() {
            return empty("{", "}");
        }
        let space = if self.style.has_bracket_spacing { " " } else { "" };
        Doc::group(vec![
            Doc::Text("{"),
            Doc::Text(space),
            Doc::indent(vec![Doc::SoftLine, separated(items)]),
            Doc::SoftLine,
            Doc::IfBroken { broken: Box::new(Doc::nothing()), flat: space },
            Doc::Text("}"),
        ])
    }

    fn directive_definition(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        self.expect("@")?;
        parts.extend([Doc::Text(" @"), self.name()?]);
        self.arguments(parts, Self::input_value)?;
        self.directives(parts)?;
        if self.eat("repeatable") {
            parts.push(Doc::Text(" repeatable"));
        }
        if self.eat("on") {
            parts.push(Doc::Text(" on "));
            let locations = self.separated_names("|")?;
            parts.push(joined(locations, || vec![Doc::Text(" | ")]));
        }
        Some(())
    }

    /// Parses `A | B`; a separator before the first one is omitted.
    fn separated_names(&mut self, separator: &str) -> Option<Vec<Doc<'t>>> {
        self.eat(separator);
        let mut names = vec![self.name()?];
        while self.eat(separator) {
            names.push(self.name()?);
        }
        Some(names)
    }

    fn union_definition(&mut self) -> Option<Doc<'t>> {
        let mut parts = vec![self.word()?, Doc::Text(" "), self.name()?];
        self.directives(&mut parts)?;
        if self.eat("=") {
            let first = Doc::IfBroken { broken: Box::new(Doc::All(vec![Doc::Line, Doc::Text("| ")])), flat: "" };
            let members = joined(self.separated_names("|")?, || vec![Doc::Line, Doc::Text("| ")]);
            let space = Doc::IfBroken { broken: Box::new(Doc::nothing()), flat: " " };
            parts.extend([Doc::Text(" ="), space, Doc::indent(vec![first, members])]);
        }
        Some(Doc::All(parts))
    }

    fn interfaces(&mut self, parts: &mut Vec<Doc<'t>>) -> Option<()> {
        if self.eat("implements") {
            let names = joined(self.separated_names("&")?, || vec![Doc::Text(" &"), Doc::Line]);
            parts.extend([Doc::Text(" implements "), Doc::indent(vec![Doc::group(vec![names])])]);
        }
        Some(())
    }

    /// Parses directives, and the content of the braces of a type or of the schema.
    fn members(&mut self, parts: &mut Vec<Doc<'t>>, parse: fn(&mut Self) -> Option<Doc<'t>>) -> Option<()> {
        self.directives(parts)?;
        if self.eat("{") {
            let mut items = Vec::new();
            while !self.eat("}") {
                let item = self.node(parse)?;
                self.item(item, &mut items);
            }
            parts.extend([Doc::Text(" "), braces(items)]);
        }
        Some(())
    }

    /// `query: Query`: to the kind of operation, which is not a name, no comment is attached.
    fn root_type(&mut self) -> Option<Doc<'t>> {
        let kind = self.word()?;
        self.expect(":")?;
        Some(Doc::All(vec![kind, Doc::Text(": "), self.ty()?]))
    }

    /// Returns a field, an input field, or an enum value.
    fn member(&mut self) -> Option<Doc<'t>> {
        let mut parts = Vec::new();
        self.description(&mut parts)?;
        parts.push(self.name()?);
        self.arguments(&mut parts, Self::input_value)?;
        if self.is(":") {
            self.type_and_rest(&mut parts)?;
        } else {
            self.directives(&mut parts)?;
        }
        Some(Doc::All(parts))
    }
}
