//! `graphwright fmt`: GraphQL texts in one style, documents and schemas alike.
//!
//! In: a text that parses. Out: the same tokens and comments in the same order, with other white space between them. The
//! text becomes a tree of tokens (what belongs on one line, what may be broken, what stands on lines of its own), and the
//! tree is printed. Comments hang on tokens: whatever has one is broken, so that none gets lost and a second run changes nothing.

use crate::schema::scan::Scanner;
use std::ops::Range;

/// The width that lines keep to if they can.
pub const WIDTH: usize = 100;

const INDENT: &str = "  ";

/// The text in the one style; `None` if it is not what the printer understands. It must parse.
pub fn format(text: &str) -> Option<String> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, at: 0 };
    let mut definitions = Vec::new();
    while parser.peek().is_some() {
        definitions.push(parser.definition()?);
    }
    let mut printer = Printer { text, tokens: &tokens, out: String::new(), column: 0, depth: 0, needs_line: false };
    for (at, definition) in definitions.iter().enumerate() {
        if at > 0 {
            printer.line();
            printer.blank();
        }
        printer.print(definition, 0);
    }
    printer.end();
    let mark = if text.starts_with('\u{feff}') { "\u{feff}" } else { "" };
    let out = if text.contains("\r\n") { printer.out.replace('\n', "\r\n") } else { printer.out };
    Some(format!("{mark}{out}"))
}

/// A token with the comments around it.
#[derive(Debug)]
struct Token {
    range: Range<usize>,
    /// Comments on lines before it, each with whether a blank line is before it.
    before: Vec<(Range<usize>, bool)>,
    /// A comment behind it, on its line.
    behind: Option<Range<usize>>,
    /// True if a blank line is before it, or before its comments.
    after_blank: bool,
    /// True if a blank line is between its comments and it.
    blank_inside: bool,
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut scanner = Scanner::new(text);
    let mut all: Vec<Token> = Vec::new();
    let mut from = scanner.offset();
    loop {
        let next = scanner.next_token();
        let gap = from..next.unwrap_or(text.len());
        let mut token =
            Token { range: 0..0, before: Vec::new(), behind: None, after_blank: false, blank_inside: false };
        let (mut at, mut is_same_line) = (gap.start, !all.is_empty());
        let mut lines = 0;
        while at < gap.end {
            let rest = &text[at..gap.end];
            if rest.starts_with('#') {
                let end = rest.find(['\n', '\r']).map_or(gap.end, |end| at + end);
                match all.last_mut().filter(|_| is_same_line) {
                    Some(last) => last.behind = Some(at..end),
                    None => {
                        let is_first = token.before.is_empty();
                        token.before.push((at..end, lines > 1));
                        token.after_blank |= is_first && lines > 1;
                    }
                }
                lines = 0;
                at = end;
                continue;
            }
            if rest.starts_with('\n') || (rest.starts_with('\r') && !rest.starts_with("\r\n")) {
                is_same_line = false;
                lines += 1;
            }
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        if token.before.is_empty() {
            token.after_blank = lines > 1;
        } else {
            token.blank_inside = lines > 1;
        }
        let Some(start) = next else {
            if !token.before.is_empty() {
                // Comments at the end hang on a token without text.
                token.range = text.len()..text.len();
                all.push(token);
            }
            return Some(all);
        };
        let end = match text.as_bytes()[start] {
            b'"' => {
                scanner.string()?;
                scanner.offset()
            }
            b'.' => text[start..].starts_with("...").then_some(start + 3)?,
            b'-' | b'0'..=b'9' => {
                let number = |next: char| next.is_ascii_alphanumeric() || matches!(next, '-' | '+' | '.');
                start + text[start..].find(|next| !number(next)).unwrap_or(text.len() - start)
            }
            _ => match scanner.name() {
                Some(name) => name.end,
                None => start + text[start..].chars().next().map_or(1, char::len_utf8),
            },
        };
        scanner.go_to(end);
        token.range = start..end;
        all.push(token);
        from = end;
    }
}

/// How tokens belong together.
#[derive(Debug)]
enum Doc {
    /// One token.
    Token(usize),
    /// A space, where a line is not broken.
    Space,
    /// A line of its own follows: a description.
    Line,
    /// One behind the other.
    All(Vec<Doc>),
    /// Between brackets: on one line if there is room, else each item on its own.
    Group { open: usize, items: Vec<Doc>, close: usize },
    /// Between braces, each item on its own line.
    Block { open: usize, items: Vec<Doc>, close: usize },
    /// Alternatives: on one line if there is room, else each on its own, behind its separator.
    Either { items: Vec<(Option<usize>, Doc)> },
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t str> {
        self.tokens.get(self.at).map(|token| &self.text[token.range.clone()])
    }

    fn peek_at(&self, ahead: usize) -> Option<&'t str> {
        self.tokens.get(self.at + ahead).map(|token| &self.text[token.range.clone()])
    }

    fn take(&mut self) -> Doc {
        self.at += 1;
        Doc::Token(self.at - 1)
    }

    fn is(&self, word: &str) -> bool {
        self.peek() == Some(word)
    }

    fn expect(&mut self, word: &str) -> Option<usize> {
        self.is(word).then(|| {
            self.at += 1;
            self.at - 1
        })
    }

    fn definition(&mut self) -> Option<Doc> {
        let mut parts = Vec::new();
        self.description(&mut parts);
        let keyword = self.peek()?;
        if keyword == "{" {
            parts.push(self.selections()?);
            return Some(Doc::All(parts));
        }
        if keyword.is_empty() {
            return Some(self.take());
        }
        parts.push(self.take());
        let kind = if keyword == "extend" {
            parts.push(Doc::Space);
            let kind = self.peek()?;
            parts.push(self.take());
            kind
        } else {
            keyword
        };
        match kind {
            "query" | "mutation" | "subscription" | "fragment" => self.executable(&mut parts)?,
            "directive" => self.directive_definition(&mut parts)?,
            _ => self.type_definition(kind, &mut parts)?,
        }
        Some(Doc::All(parts))
    }

    fn description(&mut self, parts: &mut Vec<Doc>) {
        if self.peek().is_some_and(|next| next.starts_with('"')) {
            parts.push(self.take());
            parts.push(Doc::Line);
        }
    }

    fn executable(&mut self, parts: &mut Vec<Doc>) -> Option<()> {
        while let Some(next) = self.peek() {
            match next {
                "{" => {
                    parts.push(Doc::Space);
                    parts.push(self.selections()?);
                    return Some(());
                }
                "(" => {
                    // `query ($x: Int)`, but `query Name($x: Int)`.
                    if parts.len() == 1 || matches!(parts.last(), Some(Doc::Line)) {
                        parts.push(Doc::Space);
                    }
                    parts.push(self.group("(", ")")?);
                }
                "@" => {
                    parts.push(Doc::Space);
                    self.directive(parts)?;
                }
                _ => {
                    parts.push(Doc::Space);
                    parts.push(self.take());
                }
            }
        }
        None
    }

    fn selections(&mut self) -> Option<Doc> {
        let open = self.expect("{")?;
        let mut items = Vec::new();
        while !self.is("}") {
            items.push(self.selection()?);
        }
        Some(Doc::Block { open, items, close: self.expect("}")? })
    }

    fn selection(&mut self) -> Option<Doc> {
        let mut parts = Vec::new();
        if self.is("...") {
            parts.push(self.take());
            match self.peek()? {
                "on" if self.peek_at(1).is_some_and(|next| !matches!(next, "{" | "@")) => {
                    parts.extend([Doc::Space, self.take(), Doc::Space, self.take()]);
                }
                "@" | "{" => {}
                _ => parts.push(self.take()),
            }
        } else {
            parts.push(self.take());
            if self.is(":") {
                parts.extend([self.take(), Doc::Space, self.take()]);
            }
            if self.is("(") {
                parts.push(self.group("(", ")")?);
            }
        }
        self.directives(&mut parts)?;
        if self.is("{") {
            parts.push(Doc::Space);
            parts.push(self.selections()?);
        }
        Some(Doc::All(parts))
    }

    fn directives(&mut self, parts: &mut Vec<Doc>) -> Option<()> {
        while self.is("@") {
            parts.push(Doc::Space);
            self.directive(parts)?;
        }
        Some(())
    }

    fn directive(&mut self, parts: &mut Vec<Doc>) -> Option<()> {
        parts.extend([self.take(), self.take()]);
        if self.is("(") {
            parts.push(self.group("(", ")")?);
        }
        Some(())
    }

    /// Arguments, variables, or definitions of arguments.
    fn group(&mut self, open: &str, close: &str) -> Option<Doc> {
        let open = self.expect(open)?;
        let mut items = Vec::new();
        while !self.is(close) {
            items.push(self.pair()?);
        }
        Some(Doc::Group { open, items, close: self.expect(close)? })
    }

    /// `name: value`, `$name: Type = value @directive`, with a description if there is one.
    fn pair(&mut self) -> Option<Doc> {
        let mut parts = Vec::new();
        self.description(&mut parts);
        if self.is("$") {
            parts.push(self.take());
        }
        parts.push(self.take());
        self.expect(":").map(|colon| parts.extend([Doc::Token(colon), Doc::Space]))?;
        self.type_or_value(&mut parts)?;
        if self.is("=") {
            parts.extend([Doc::Space, self.take(), Doc::Space]);
            parts.push(self.value()?);
        }
        self.directives(&mut parts)?;
        Some(Doc::All(parts))
    }

    fn type_or_value(&mut self, parts: &mut Vec<Doc>) -> Option<()> {
        parts.push(self.value()?);
        if self.is("!") {
            parts.push(self.take());
        }
        Some(())
    }

    fn value(&mut self) -> Option<Doc> {
        match self.peek()? {
            "[" => {
                let open = self.expect("[")?;
                let mut items = Vec::new();
                while !self.is("]") {
                    let mut item = Vec::new();
                    self.type_or_value(&mut item)?;
                    items.push(Doc::All(item));
                }
                Some(Doc::Group { open, items, close: self.expect("]")? })
            }
            "{" => self.group("{", "}"),
            "$" => Some(Doc::All(vec![self.take(), self.take()])),
            "}" | ")" | "]" => None,
            _ => Some(self.take()),
        }
    }

    fn directive_definition(&mut self, parts: &mut Vec<Doc>) -> Option<()> {
        parts.extend([Doc::Space, self.take(), self.take()]);
        if self.is("(") {
            parts.push(self.group("(", ")")?);
        }
        if self.is("repeatable") {
            parts.extend([Doc::Space, self.take()]);
        }
        parts.push(Doc::Space);
        parts.push(Doc::Token(self.expect("on")?));
        parts.push(self.either("|")?);
        Some(())
    }

    /// `A | B`, or `= A | B` without the sign.
    fn either(&mut self, separator: &str) -> Option<Doc> {
        let mut items = Vec::new();
        let first = self.expect(separator);
        items.push((first, self.take()));
        while let Some(found) = self.expect(separator) {
            items.push((Some(found), self.take()));
        }
        Some(Doc::Either { items })
    }

    fn type_definition(&mut self, kind: &str, parts: &mut Vec<Doc>) -> Option<()> {
        if kind != "schema" {
            parts.extend([Doc::Space, self.take()]);
        }
        if self.is("implements") {
            parts.extend([Doc::Space, self.take()]);
            parts.push(self.either("&")?);
        }
        self.directives(parts)?;
        if self.is("=") {
            parts.extend([Doc::Space, self.take()]);
            parts.push(self.either("|")?);
        }
        if self.is("{") {
            let open = self.expect("{")?;
            let mut items = Vec::new();
            while !self.is("}") {
                items.push(self.member()?);
            }
            parts.push(Doc::Space);
            parts.push(Doc::Block { open, items, close: self.expect("}")? });
        }
        Some(())
    }

    /// A field, an input field, an enum value, or a root type.
    fn member(&mut self) -> Option<Doc> {
        let mut parts = Vec::new();
        self.description(&mut parts);
        parts.push(self.take());
        if self.is("(") {
            parts.push(self.group("(", ")")?);
        }
        if self.is(":") {
            parts.extend([self.take(), Doc::Space]);
            self.type_or_value(&mut parts)?;
        }
        if self.is("=") {
            parts.extend([Doc::Space, self.take(), Doc::Space]);
            parts.push(self.value()?);
        }
        self.directives(&mut parts)?;
        Some(Doc::All(parts))
    }
}

struct Printer<'t> {
    text: &'t str,
    tokens: &'t [Token],
    out: String,
    column: usize,
    depth: usize,
    /// A comment ended the line.
    needs_line: bool,
}

impl Printer<'_> {
    /// Prints; `rest` is how much more is to be on the line.
    fn print(&mut self, doc: &Doc, rest: usize) {
        match doc {
            Doc::Token(at) => self.token(*at),
            Doc::Space => self.space(),
            Doc::Line => self.line(),
            Doc::All(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let behind = parts[at + 1..].iter().map_while(|part| self.head(part)).sum::<usize>();
                    self.print(part, behind + rest);
                }
            }
            Doc::Group { open, items, close } => self.group(doc, (*open, *close), items, rest),
            Doc::Block { open, items, close } => self.block(*open, items, *close),
            Doc::Either { items } => self.either(doc, items, rest),
        }
    }

    fn group(&mut self, doc: &Doc, (open, close): (usize, usize), items: &[Doc], rest: usize) {
        let padding = if self.word(open) == "{" && !items.is_empty() { " " } else { "" };
        if self.width(doc).is_some_and(|width| self.column + width + rest <= WIDTH) {
            self.token(open);
            self.write(padding);
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    self.write(", ");
                }
                self.print(item, 0);
            }
            self.write(padding);
            self.token(close);
            return;
        }
        self.token(open);
        self.depth += 1;
        for item in items {
            self.line();
            self.print(item, 0);
        }
        // Comments before the bracket belong to what is in it.
        self.comments_before(close);
        self.depth -= 1;
        self.line();
        self.bare(close);
    }

    fn block(&mut self, open: usize, items: &[Doc], close: usize) {
        self.token(open);
        if items.is_empty() && self.tokens[close].before.is_empty() && self.tokens[open].behind.is_none() {
            return self.token(close);
        }
        self.depth += 1;
        for (at, item) in items.iter().enumerate() {
            self.line();
            if at > 0 && first(item).is_some_and(|token| self.tokens[token].after_blank) {
                self.blank();
            }
            self.print(item, 0);
        }
        self.comments_before(close);
        self.depth -= 1;
        self.line();
        self.bare(close);
    }

    fn either(&mut self, doc: &Doc, items: &[(Option<usize>, Doc)], rest: usize) {
        if self.width(doc).is_some_and(|width| self.column + width + rest <= WIDTH) {
            for (separator, item) in items {
                self.space();
                // The first one needs no separator; one that is there stays.
                if let Some(separator) = separator {
                    self.token(*separator);
                    self.space();
                }
                self.print(item, 0);
            }
            return;
        }
        self.depth += 1;
        for (separator, item) in items {
            self.line();
            if let Some(separator) = separator {
                self.token(*separator);
                self.space();
            }
            self.print(item, 0);
        }
        self.depth -= 1;
    }

    /// The width on one line; none if something must be broken.
    fn width(&self, doc: &Doc) -> Option<usize> {
        let of_token = |at: usize| {
            let token = &self.tokens[at];
            let text = &self.text[token.range.clone()];
            (token.before.is_empty() && token.behind.is_none() && !text.contains('\n')).then(|| text.chars().count())
        };
        match doc {
            Doc::Token(at) => of_token(*at),
            Doc::Space => Some(1),
            Doc::Line | Doc::Block { .. } => None,
            Doc::All(parts) => parts.iter().map(|part| self.width(part)).sum(),
            Doc::Group { open, items, close } => {
                let inner: usize = items.iter().map(|item| self.width(item)).sum::<Option<usize>>()?;
                let padding = if self.word(*open) == "{" && !items.is_empty() { 2 } else { 0 };
                let brackets = of_token(*open)? + of_token(*close)?;
                Some(inner + brackets + padding + 2 * items.len().saturating_sub(1))
            }
            Doc::Either { items } => (items.iter())
                .map(|(separator, item)| {
                    let separator = separator.map_or(Some(0), |at| of_token(at).map(|width| width + 1));
                    Some(self.width(item)? + separator? + 1)
                })
                .sum(),
        }
    }

    /// What must be on the line of what is before it.
    fn head(&self, doc: &Doc) -> Option<usize> {
        match doc {
            Doc::Line => None,
            Doc::Block { .. } => Some(1),
            other => self.width(other),
        }
    }

    fn word(&self, at: usize) -> &str {
        &self.text[self.tokens[at].range.clone()]
    }

    fn token(&mut self, at: usize) {
        self.comments_before(at);
        self.bare(at);
    }

    fn comments_before(&mut self, at: usize) {
        let token = &self.tokens[at];
        for (position, (comment, after_blank)) in token.before.iter().enumerate() {
            self.line();
            if *after_blank && position > 0 {
                self.blank();
            }
            self.comment(comment.clone());
            self.needs_line = true;
        }
        if token.blank_inside && !matches!(self.word(at), "}" | ")" | "]" | "") {
            self.line();
            self.blank();
        }
    }

    /// A token without the comments before it.
    fn bare(&mut self, at: usize) {
        if self.needs_line {
            self.line();
        }
        let range = self.tokens[at].range.clone();
        self.write(&self.text[range].replace("\r\n", "\n"));
        if let Some(comment) = self.tokens[at].behind.clone() {
            self.write(" ");
            self.comment(comment);
            self.needs_line = true;
        }
    }

    fn comment(&mut self, range: Range<usize>) {
        let text = self.text[range].trim_end();
        self.write(text);
    }

    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.out.ends_with('\n') && text != "\n" {
            let indent = INDENT.repeat(self.depth);
            self.out.push_str(&indent);
            self.column = indent.len();
        }
        self.out.push_str(text);
        self.column = match text.rsplit_once('\n') {
            Some((_, last)) => last.chars().count(),
            None => self.column + text.chars().count(),
        };
    }

    fn space(&mut self) {
        if !self.needs_line && !self.out.ends_with([' ', '\n']) && !self.out.is_empty() {
            self.write(" ");
        }
    }

    fn line(&mut self) {
        self.needs_line = false;
        let trimmed = self.out.trim_end_matches(' ').len();
        self.out.truncate(trimmed);
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.column = 0;
    }

    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn end(&mut self) {
        self.line();
        let trimmed = self.out.trim_end_matches('\n').len();
        self.out.truncate(trimmed);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }
}

/// The first token of a part.
fn first(doc: &Doc) -> Option<usize> {
    match doc {
        Doc::Token(at) | Doc::Group { open: at, .. } | Doc::Block { open: at, .. } => Some(*at),
        Doc::All(parts) => parts.iter().find_map(first),
        Doc::Either { items } => items.first().and_then(|(separator, item)| separator.or_else(|| first(item))),
        Doc::Space | Doc::Line => None,
    }
}

/// The tokens and comments of a text without what is between them, in their order: what formatting must keep.
pub fn content(text: &str) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for token in tokens(text)? {
        all.extend(token.before.iter().map(|(comment, _)| text[comment.clone()].trim_end().to_owned()));
        all.push(text[token.range.clone()].replace("\r\n", "\n"));
        all.extend(token.behind.map(|comment| text[comment].trim_end().to_owned()));
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> String {
        let once = format(text).expect("it parses");
        assert_eq!(format(&once).as_ref(), Some(&once), "a second run changes nothing");
        assert_eq!(content(text), content(&once));
        once
    }

    #[test]
    fn documents_get_one_style() {
        let text = "# top\nquery   A( $x:Int=1,$y:[ String! ]! @d )@a(b:{c:1,d:[1,2]}){a # behind\n\n\n  b:c(x:$x)\n # own\n ...F\n...on T@include(if:$x){d}  ...@skip(if:true){e}}\nfragment F on T{x}";
        insta::assert_snapshot!(formatted(text), @r"
        # top
        query A($x: Int = 1, $y: [String!]! @d) @a(b: { c: 1, d: [1, 2] }) {
          a # behind

          b: c(x: $x)
          # own
          ...F
          ... on T @include(if: $x) {
            d
          }
          ... @skip(if: true) {
            e
          }
        }

        fragment F on T {
          x
        }
        ");
    }

    #[test]
    fn long_lines_are_broken_and_comments_stay() {
        let text = "query Q($a: String # first\n, $b: Int) { field(argument: \"a long text of some words\", another: \"a long text of some words\", more: [1, 2, 3]) { id } # end\n}\n\n\n# last";
        insta::assert_snapshot!(formatted(text), @r#"
        query Q(
          $a: String # first
          $b: Int
        ) {
          field(
            argument: "a long text of some words"
            another: "a long text of some words"
            more: [1, 2, 3]
          ) {
            id
          } # end
        }

        # last
        "#);
    }

    #[test]
    fn what_stands_for_the_encoding_and_the_system_stays() {
        let text = "\u{feff}query A {\r\n  a # b\r\n}\r\n";
        assert_eq!(formatted(text), text);
    }

    #[test]
    fn schemas_get_the_same_style() {
        let text = "\"\"\"\nThe root.\n\"\"\"\ntype Query implements A&B@d{\"one\" a(\"x\" b:Int=1 c:[Int!]!):[T!]!@deprecated(reason:\"no\")\n\n  b:Int}\nunion U=|A|B enum E{A B} directive@d(a:Int)repeatable on FIELD|QUERY extend schema@x{query:Q} scalar S input I{a:Int={b:1}}";
        insta::assert_snapshot!(formatted(text), @r#"
        """
        The root.
        """
        type Query implements A & B @d {
          "one"
          a(
            "x"
            b: Int = 1
            c: [Int!]!
          ): [T!]! @deprecated(reason: "no")

          b: Int
        }

        union U = | A | B

        enum E {
          A
          B
        }

        directive @d(a: Int) repeatable on FIELD | QUERY

        extend schema @x {
          query: Q
        }

        scalar S

        input I {
          a: Int = { b: 1 }
        }
        "#);
    }
}
