//! `graphwright fmt`: formats GraphQL documents and schemas in one style.
//!
//! The input is a text that parses, and a [`Style`]. The output is the same tokens and comments with other white space.
//! The style is Prettier's, so that a project can use both: `cargo xtask fmt-peer` compares them. A text is split into
//! tokens, then converted to a document of text, breaks and groups with a node for each part of the syntax; comments
//! are attached to the nodes, and the document is printed within the width.

mod comments;
mod layout;
mod printer;
mod syntax;
mod tokens;

pub use tokens::{Content, content};

use std::borrow::Cow;

/// The style of formatted texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    /// The maximum line length, if it can be kept; `None` for no limit.
    pub width: Option<usize>,
    /// The width of an indentation level.
    pub tab_width: usize,
    /// Whether to indent with tabs instead of spaces.
    pub uses_tabs: bool,
    /// Whether the braces of object values contain spaces.
    pub has_bracket_spacing: bool,
    /// The line ending.
    pub line_ending: LineEnding,
}

impl Default for Style {
    fn default() -> Self {
        Self { width: Some(80), tab_width: 2, uses_tabs: false, has_bracket_spacing: true, line_ending: LineEnding::Lf }
    }
}

/// The line ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnding {
    /// A line feed.
    Lf,
    /// A carriage return and a line feed.
    Crlf,
    /// A carriage return.
    Cr,
    /// The current line ending of the text.
    Auto,
}

impl LineEnding {
    /// Returns the line ending of a text.
    fn characters(self, text: &str) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::Crlf => "\r\n",
            Self::Cr => "\r",
            Self::Auto => match text.find('\r').map(|at| &text[at..]) {
                Some(rest) if rest.starts_with("\r\n") => "\r\n",
                Some(_) => "\r",
                None => "\n",
            },
        }
    }
}

/// Returns the text in the given style; `None` if the formatter does not support it. The text must parse.
///
/// A byte order mark is kept.
pub fn format(text: &str, style: &Style) -> Option<String> {
    /// The maximum number of runs: a comment that moves over a token may move again in the next run.
    const MOST_RUNS: usize = 4;
    let (mut new, mut has_comments) = once(text, style)?;
    for _ in 1..MOST_RUNS {
        if !has_comments {
            break;
        }
        let (again, _) = once(&new, style)?;
        has_comments = again != new;
        new = again;
    }
    Some(new)
}

/// Returns the text after one run, and whether it contains comments.
fn once(text: &str, style: &Style) -> Option<(String, bool)> {
    let line_ending = style.line_ending.characters(text);
    let (mark, text) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let text = match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    };
    let tokens = tokens::tokens(&text)?;
    let (doc, nodes) = syntax::parse(&text, &tokens, style)?;
    let doc = comments::with_comments(&text, doc, &nodes, &tokens.comments);
    let mut new = printer::print(&doc, style);
    if line_ending != "\n" {
        new = new.replace('\n', line_ending);
    }
    Some((format!("{mark}{new}"), !tokens.comments.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> String {
        let once = format(text, &Style::default()).expect("it parses");
        assert_eq!(format(&once, &Style::default()).as_ref(), Some(&once), "a second run changes nothing");
        assert_eq!(content(text), content(&once));
        once
    }

    #[test]
    fn documents_get_one_style() {
        let text = "# top\nquery   A( $x:Int=1,$y:[ String! ]! @d )@a(b:{c:1,d:[1,2]}){a # after\n\n\n  b:c(x:$x)\n # own\n ...F\n...on T@include(if:$x){d}  ...@skip(if:true){e}}\nfragment F on T{x}";
        insta::assert_snapshot!(formatted(text), @r"
        # top
        query A($x: Int = 1, $y: [String!]! @d) @a(b: { c: 1, d: [1, 2] }) {
          a # after
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
    fn comments_before_root_types_are_where_prettier_puts_them() {
        let text = "schema {\n  query: # 1\n  Query\n}\n\ntype A {\n  a: B # 2\n}\n";
        assert_eq!(formatted(text), text);
    }

    #[test]
    fn a_byte_order_mark_stays_and_lines_end_as_the_style_says() {
        let text = "\u{feff}query A {\r\n  a # b\r\n}\r\n";
        let lf = "\u{feff}query A {\n  a # b\n}\n";
        assert_eq!(formatted(text), lf);
        for (line_ending, expected) in [
            (LineEnding::Auto, text),
            (LineEnding::Crlf, text),
            (LineEnding::Cr, &lf.replace('\n', "\r")),
            (LineEnding::Lf, lf),
        ] {
            let style = Style { line_ending, ..Style::default() };
            assert_eq!(format(text, &style).as_deref(), Some(expected));
        }
    }

    #[test]
    fn widths_tabs_and_brackets_are_the_styles() {
        let text = "query A { a(b: { c: 1, d: 2 }, e: \"日本語\") { f } }";
        let style =
            Style { width: Some(30), uses_tabs: true, tab_width: 4, has_bracket_spacing: false, ..Style::default() };
        let broken = "query A {\n\ta(\n\t\tb: {c: 1, d: 2}\n\t\te: \"日本語\"\n\t) {\n\t\tf\n\t}\n}\n";
        assert_eq!(format(text, &style).as_deref(), Some(broken));
        let style = Style { width: None, ..style };
        let whole = "query A {\n\ta(b: {c: 1, d: 2}, e: \"日本語\") {\n\t\tf\n\t}\n}\n";
        assert_eq!(format(text, &style).as_deref(), Some(whole));
    }

    #[test]
    fn block_strings_as_values_keep_their_value() {
        let text = "{\n  a(b: \"\"\"  c\"\"\", d: \"\"\"\n      e  \n        f\n  \"\"\")\n}\n";
        insta::assert_snapshot!(formatted(text).replace(' ', "."), @r#"
        {
        ..a(
        ....b:."""..c"""
        ....d:."""
        ....e..
        ......f
        ...."""
        ..)
        }
        "#);
    }

    #[test]
    fn comments_that_end_in_one_place_stay_apart() {
        let text = "query A($b: # 1\n Int! # 2\n) { c(d: # 3\n$b # 4\n) # 5\n { e } } # 6";
        insta::assert_snapshot!(formatted(text), @r"
        query A(
          $b: Int! # 1
        ) # 2
        {
          c(
            d: $b # 3
            # 5
          ) # 4
          {
            e
          }
        } # 6
        ");
    }

    #[test]
    fn what_is_not_to_be_formatted_stays() {
        let text = "{\n  # prettier-ignore\n  a(b:   1,\n c: 2)\n  d   e\n}\n";
        insta::assert_snapshot!(formatted(text), @r"
        {
          # prettier-ignore
          a(b:   1,
         c: 2)
          d
          e
        }
        ");
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
          a("x" b: Int = 1, c: [Int!]!): [T!]! @deprecated(reason: "no")

          b: Int
        }
        union U = A | B
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
