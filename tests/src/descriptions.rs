//! Hostile descriptions: their building blocks, schemas that are full of them, and the allowed content of the pages
//! that rustdoc makes of generated code.

use crate::random::Dice;
use std::fmt::Write as _;

/// A marker in every part of a description that a page could treat as code.
pub const CODE: &str = "PWNED";

/// Pieces of Markdown, HTML and text that documentation tools do something with.
const PIECES: &[&str] = &[
    "```rust\npanic!(\"PWNED\");\n```",
    "```\nlet x = ;\n```",
    "~~~rust\npanic!()\n~~~",
    "~~~~ rust\n~~~\npanic!()\n~~~~",
    "```rust,no_run\nfn main() { loop {} }\n```",
    "```{.rust}\npanic!()\n```",
    "``` rust\npanic!()\n``` ",
    "```rust compile_fail should_panic E0000\n#\n```",
    "````rust\n```\npanic!()\n````",
    "    let x = 1;",
    "\tlet x = 1;",
    "  \tlet x = 1;",
    "> ```rust\n> panic!()\n> ```",
    ">     panic!()",
    "> > ~~~\n> > panic!()",
    "- ```rust\n  panic!()\n  ```",
    "- item\n\n      panic!()",
    "1. item\n\n   ```rust\n   panic!()\n   ```",
    "-     panic!()",
    "-\n\n      panic!()",
    "* > 1) ~~~rust\n       panic!()",
    "+ +     panic!()",
    "```rust",
    "~~~",
    "```",
    "````",
    "`````` `` ``",
    "[Foo]",
    "[Foo](Bar)",
    "[Foo][Bar]",
    "[Foo][]",
    "[Foo]: Bar",
    "[Foo]: <Bar> \"PWNED\"",
    "[`Vec`]",
    "[`Vec`](Nope)",
    "[Option<T>]",
    "[struct@Foo]",
    "[fn@main()]",
    "[crate::nope]",
    "[a [b] c](d)",
    "![image](nope.png)",
    "![image](https://example.com/a.png)",
    "[![a](b)](c)",
    "[js](javascript:PWNED())",
    "[js](<javascript:PWNED()>)",
    "[js](&#106;avascript:PWNED())",
    "[data](data:text/html,<script>PWNED()</script>)",
    "<javascript:PWNED()>",
    "<Vec<String>>",
    "<http://a.b/\">",
    "<https://example.com/a b>",
    "<https://example.com/\"onclick=\"PWNED()>",
    "<a@example.com>",
    "a@example.com",
    "www.example.com",
    "https://example.com/a?b=c&d#e.",
    "(see http://example.com/a_(b))",
    "https://",
    "https://...",
    "https://..com",
    "https:\\//example.com",
    "https&colon;//example.com",
    "h\\ttps://example.com",
    "xhttps://example.com",
    "http://[::1]/",
    "https://example.com`code`",
    "*https://example.com*",
    "[text](https://example.com)",
    "[te`xt](https://example.com)`",
    "[https://example.com](https://example.com/b)",
    "[text](https://example.com \"PWNED\")",
    "[text](https://example.com/\"onclick=\"PWNED())",
    "[text]( https://example.com )",
    "[text](https://example.com",
    "[Foo](https://example.com/&quot;onclick=&quot;PWNED())",
    "<script>PWNED()</script>",
    "<img src=x onerror=PWNED()>",
    "<svg/onload=PWNED()>",
    "<a href=\"javascript:PWNED()\">a</a>",
    "<iframe srcdoc=\"<script>PWNED()</script>\">",
    "<b>",
    "</div></div>",
    "<div\nonclick=PWNED()>",
    "<!-- PWNED",
    "<!DOCTYPE html>",
    "<![CDATA[ PWNED",
    "<?php PWNED ?>",
    "\\<b>",
    "\\\\<b>",
    "&lt;script&gt;PWNED()&lt;/script&gt;",
    "&#60;b&#62;",
    "&#91;Foo&#93;",
    "&#96;&#96;&#96;rust",
    "&",
    "`",
    "``",
    "`code`",
    "`` a ` b ``",
    "`[Foo]`",
    "`<b>`",
    "\\`",
    "\\`a`",
    "\\\\`[Foo]`",
    "a`b",
    "\\",
    "\\\\",
    "\\[Foo]",
    "\\\\[Foo]",
    "\\\\\\[Foo]",
    "| a | b |\n|---|---|\n| `x | y` | [Foo] |",
    "a | b\n--|--\n`c | [Foo]` | d",
    "`c | [Foo] | d`\n:-:|-",
    "|-\n|\n|-",
    "# Heading",
    "# Safety [Foo] {#id .class onclick=PWNED}",
    "===",
    "---",
    "+++",
    ": definition [Foo]",
    "[^1]",
    "[^1]: note\n\n        panic!()",
    "- [ ] task",
    "- [x] [Foo]",
    "*a* _b_ **c** __d__ ~~e~~ ***",
    "~",
    "$x$ $$y$$",
    "fooBar CamelCase snake_case",
    "Words of a sentence.",
    "größer 🦀",
    "\"",
    "\"\"\"",
    "'",
    "*/ /* //! /// #![feature(x)] #[doc = \"x\"]",
    "\u{0}\u{7}\u{1b}[31m",
    "\u{202e}desrever\u{202c}",
    "\u{2066}\u{2069}\u{200f}\u{61c}",
    "\u{2028}\u{2029}\u{85}\u{b}\u{c}",
    "\u{a0}\u{a0}\u{a0}\u{a0}panic!()",
    "\u{3000}\u{3000}\u{3000}\u{3000}panic!()",
    "\u{feff}\u{200b}```rust\npanic!()\n```",
    "\r",
    "\r\n",
    "\n",
    "\t",
    " ",
    "    ",
    "",
];

/// The separators of pieces.
const BETWEEN: &[&str] = &[
    "\n", "\n\n", " ", "", "\n    ", "\n\n    ", "\n> ", "\n>\n", "\n- ", "\n  ", "\n   ", "\n\n\t", "\r", "\\",
    "\n1. ", "`", "[",
];

/// Returns a description for every number: first each piece alone, then pieces together.
pub fn hostile(number: u64) -> String {
    if let Some(piece) = usize::try_from(number).ok().and_then(|number| PIECES.get(number)) {
        return (*piece).to_owned();
    }
    let mut dice = Dice(number);
    let mut text = String::new();
    for _ in 0..2 + dice.below(5) {
        text.push_str(dice.pick(PIECES).copied().unwrap_or_default());
        text.push_str(dice.pick(BETWEEN).copied().unwrap_or_default());
    }
    text
}

/// The number of descriptions of [`hostile`] with a single piece.
pub const ALONE: u64 = PIECES.len() as u64;

/// Returns a schema and a document with a hostile description at everything that has one.
pub fn texts(from: u64, count: u64) -> (String, String) {
    let quoted = |text: String| serde_json::Value::String(text).to_string();
    let mut next = from;
    let mut described = || {
        next += 1;
        quoted(hostile(next - 1))
    };
    let mut schema = String::from("directive @specifiedBy(url: String!) on SCALAR\n");
    let [mut fields, mut values, mut inputs, mut document] = [const { String::new() }; 4];
    for at in 0..count / 6 {
        let (reason, other) = (described(), described());
        let _ = writeln!(
            fields,
            "  {} f{at}: Int @deprecated(reason: {reason})\n  {} g{at}: Int",
            described(),
            described()
        );
        let _ = writeln!(values, "  {} V{at} @deprecated(reason: {other})", described());
        let _ = writeln!(inputs, "  {} i{at}: Int", described());
    }
    let _ = writeln!(schema, "type Query {{\n  e: E s: S search(i: I, o: O): Query\n{fields}}}");
    let _ = writeln!(schema, "{} enum E {{\n{values}}}\n{} input I {{\n{inputs}}}", described(), described());
    let _ = writeln!(schema, "{} input O @oneOf {{ {} a: Int {} b: Int }}", described(), described(), described());
    let _ = writeln!(schema, "{} scalar S @specifiedBy(url: {})", described(), described());
    let selected = (0..count / 6).map(|at| format!("f{at} g{at}")).collect::<Vec<_>>().join(" ");
    let _ = writeln!(
        document,
        "{} query Q({} $i: I, {} $o: O) {{ e s ...F search(i: $i, o: $o) {{ e }} }}\n{} fragment F on Query {{ {selected} }}",
        described(),
        described(),
        described(),
        described()
    );
    (schema, document)
}

/// Elements that Markdown or rustdoc makes, and that hold nothing but text and style.
const HARMLESS: &[&str] = &[
    "a",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "span",
    "strong",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
    "wbr",
];

/// Returns the parts of a page that could run code of a description: [`CODE`] in an attribute that is not text, an
/// attribute that a browser executes, a URL with another scheme than http, an element that Markdown does not create.
pub fn executable(page: &str) -> Vec<String> {
    let body = page.split_once("<main").map_or(page, |(_, body)| body);
    let body = body.split_once("</main>").map_or(body, |(body, _)| body);
    tags(body).into_iter().filter(is_executable).map(|tag| format!("{tag:?}")).collect()
}

/// An opening tag.
#[derive(Debug)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

fn is_executable(tag: &Tag) -> bool {
    // Buttons are rustdoc's.
    let is_known = HARMLESS.contains(&tag.name.as_str()) || matches!(tag.name.as_str(), "button" | "rustdoc-toolbar");
    let bad = |(name, value): &(String, String)| {
        let is_text = matches!(name.as_str(), "title" | "aria-label" | "href" | "id");
        let is_address = matches!(name.as_str(), "href" | "src" | "action" | "formaction");
        name.starts_with("on")
            || matches!(name.as_str(), "srcdoc" | "style")
            || (value.contains(CODE) && !is_text)
            || (is_address && value.trim_start().split_once(':').is_some_and(|(scheme, _)| !is_of_the_web(scheme)))
    };
    !is_known || tag.attributes.iter().any(bad)
}

fn is_of_the_web(scheme: &str) -> bool {
    // A colon in a path of rustdoc's own.
    matches!(scheme, "http" | "https") || scheme.contains(['/', '#', '.'])
}

/// Returns the opening tags of a page: a `<` in a text is `&lt;`.
fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('/') {
            continue;
        }
        let end = rest
            .find(|character: char| character.is_whitespace() || matches!(character, '>' | '/'))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let (attributes, after) = attributes(after);
        tags.push(Tag { name: name.to_lowercase(), attributes });
        rest = after;
    }
    tags
}

/// Returns the attributes of a tag, and the text after it.
fn attributes(mut text: &str) -> (Vec<(String, String)>, &str) {
    let mut attributes = Vec::new();
    loop {
        text = text.trim_start_matches(|character: char| character.is_whitespace() || character == '/');
        if text.is_empty() || text.starts_with('>') {
            return (attributes, text);
        }
        let end = text
            .find(|character: char| character.is_whitespace() || matches!(character, '=' | '>'))
            .unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            None => ("", after),
            Some(after) => match after.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_at(after.find([' ', '>']).unwrap_or(after.len())),
            },
        };
        attributes.push((name.to_lowercase(), value.to_owned()));
        text = after;
    }
}
