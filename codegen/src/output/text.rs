//! Formats files.
//!
//! prettyplease formats items. What is in the macros of the runtime is not Rust to it, so each of those is printed here, as
//! one line: they say how types are read and written, and a reviewer can skip them.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use syn::{File, Item, ItemMacro};

/// The name of the macro that holds the place of a line while the file is formatted.
const PLACE: &str = "__gw_line";

/// Returns the text of a file.
///
/// # Errors
/// The tokens are not items.
pub fn formatted(tokens: TokenStream) -> Result<String, syn::Error> {
    let mut file: File = syn::parse2(tokens)?;
    let mut lines = Vec::new();
    take_lines(&mut file.items, &mut lines);
    let text = prettyplease::unparse(&file);
    if lines.is_empty() {
        return Ok(text);
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut lines = lines.into_iter();
    for line in text.lines() {
        // A description may contain the name, but is a comment.
        match line.strip_suffix("!();").and_then(|line| line.strip_suffix(PLACE)) {
            Some(indentation) if indentation.trim().is_empty() => {
                out.extend([indentation, &lines.next().unwrap_or_default()]);
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    Ok(out)
}

/// Takes the macros of the runtime out of items.
fn take_lines(items: &mut [Item], lines: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    take_lines(items, lines);
                }
            }
            Item::Macro(item) => {
                lines.push(line(item));
                item.mac.tokens = TokenStream::new();
                item.mac.path = syn::Ident::new(PLACE, proc_macro2::Span::call_site()).into();
            }
            _ => {}
        }
    }
}

/// Returns an item that is a macro as one line.
fn line(item: &ItemMacro) -> String {
    let path = &item.mac.path;
    let mut line = Line::default();
    line.tokens(quote::quote!(#path!));
    line.text.push('(');
    line.last = Last::Tight;
    line.tokens(item.mac.tokens.clone());
    line.text.push_str(");");
    line.text
}

/// A line of tokens.
#[derive(Default)]
struct Line {
    text: String,
    last: Last,
}

/// What a line ends with.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Something that no space follows.
    #[default]
    Tight,
    /// A name or a type.
    Word,
    /// A literal or a list.
    Value,
    /// A sign that a space follows.
    Sign,
}

impl Line {
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(word) => self.word(&word.to_string(), Last::Word),
                TokenTree::Literal(literal) => self.word(&literal.to_string(), Last::Value),
                TokenTree::Group(group) => self.group(&group),
                TokenTree::Punct(colon) if colon.as_char() == ':' && colon.spacing() == Spacing::Joint => {
                    if self.last == Last::Sign {
                        self.space();
                    }
                    self.closing(':', Last::Tight);
                }
                TokenTree::Punct(sign) => self.sign(sign.as_char()),
            }
        }
    }

    fn word(&mut self, text: &str, last: Last) {
        self.space();
        self.text.push_str(text);
        self.last = last;
    }

    /// A space, unless nothing or something tight is before.
    fn space(&mut self) {
        if self.last != Last::Tight {
            self.text.push(' ');
        }
    }

    fn group(&mut self, group: &Group) {
        let (open, close) = match group.delimiter() {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{ ", " }"),
            Delimiter::None => ("", ""),
        };
        // Parameters follow the name of a function without a space.
        if !(group.delimiter() == Delimiter::Parenthesis && self.last == Last::Word) {
            self.space();
        }
        if group.stream().is_empty() {
            self.text.extend([open.trim(), close.trim()]);
        } else {
            self.text.push_str(open);
            self.last = Last::Tight;
            self.tokens(group.stream());
            self.text.push_str(close);
        }
        self.last = Last::Value;
    }

    fn sign(&mut self, sign: char) {
        // The first of the colons of a path, which the caller has put there.
        let is_path = self.last == Last::Tight && self.text.ends_with(':');
        match sign {
            ',' | ';' | '?' => self.closing(sign, Last::Sign),
            ':' if is_path => self.closing(sign, Last::Tight),
            ':' => self.closing(sign, Last::Sign),
            '=' | '-' => {
                self.space();
                self.closing(sign, Last::Sign);
            }
            '>' if self.text.ends_with('-') => self.closing(sign, Last::Sign),
            '>' => self.closing(sign, Last::Word),
            '#' => {
                self.space();
                self.closing(sign, Last::Tight);
            }
            '.' if self.text.ends_with(',') => {
                self.space();
                self.closing(sign, Last::Tight);
            }
            _ => self.closing(sign, Last::Tight),
        }
    }

    fn closing(&mut self, sign: char, last: Last) {
        self.text.push(sign);
        self.last = last;
    }
}
