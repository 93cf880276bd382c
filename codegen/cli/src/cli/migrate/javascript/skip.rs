//! Skips what is not read: TypeScript types, and the rest of expressions.

use super::lexer::Kind;
use super::parser::Parser;
use crate::cli::migrate::syntax::SyntaxError;
use std::ops::Range;

impl Parser {
    /// Skips `as const`, `as Type` and `satisfies Type`.
    pub fn skip_types(&mut self) -> Result<(), SyntaxError> {
        while !self.token().is_first_in_line
            && (self.token().kind.is_name("as") || self.token().kind.is_name("satisfies"))
        {
            self.take();
            self.skip_type()?;
        }
        Ok(())
    }

    /// Skips a type, up to a delimiter outside all brackets.
    pub fn skip_type(&mut self) -> Result<(), SyntaxError> {
        let mut open: Vec<char> = Vec::new();
        loop {
            let kind = self.token().kind.clone();
            let is_done = open.is_empty()
                && (Self::is_delimiter(&kind)
                    || kind.is('=')
                    || kind.is_name("as")
                    || kind.is_name("satisfies")
                    || (self.begins_statement() && self.before().is_some_and(|before| before.kind.ends_expression())));
            if is_done {
                return Ok(());
            }
            match kind {
                Kind::Punct(bracket @ ('(' | '[' | '{' | '<')) => open.push(bracket),
                Kind::Punct(')' | ']' | '}' | '>') => drop(open.pop()),
                Kind::End => return self.unexpected("the end of the type"),
                _ => {}
            }
            self.take();
        }
    }

    /// Skips the rest of an expression, from a token up to a delimiter outside all brackets.
    pub fn skip(&mut self, from: usize) -> Result<(), SyntaxError> {
        self.at = from;
        let mut open: Vec<Range<usize>> = Vec::new();
        loop {
            let token = self.token().clone();
            if open.is_empty() && self.at > from && (Self::is_delimiter(&token.kind) || self.begins_statement()) {
                return Ok(());
            }
            match token.kind {
                Kind::Punct('(' | '[' | '{') => open.push(token.range),
                Kind::Punct(')' | ']' | '}') if open.pop().is_none() => return Ok(()),
                Kind::End => {
                    return match open.pop() {
                        Some(range) => Err(SyntaxError { range, message: "unclosed bracket".to_owned() }),
                        None => Ok(()),
                    };
                }
                _ => {}
            }
            self.take();
        }
    }

    /// Returns the index of the current token, for [`Self::skip`].
    pub fn mark(&self) -> usize {
        self.at
    }

    /// Returns true for tokens that no expression contains outside brackets.
    pub fn is_delimiter(kind: &Kind) -> bool {
        matches!(kind, Kind::Punct(',' | ')' | ']' | '}' | ';') | Kind::End)
    }

    /// Returns true if the current token is the first of its line and cannot continue the expression before it.
    pub fn begins_statement(&self) -> bool {
        let token = self.token();
        let goes_on = match &token.kind {
            Kind::Punct(punct) => !matches!(punct, '{' | '}'),
            Kind::Arrow | Kind::Spread | Kind::Template => true,
            Kind::Name(name) => matches!(&**name, "in" | "instanceof"),
            _ => false,
        };
        token.is_first_in_line && !goes_on && self.before().is_none_or(|before| before.kind.ends_expression())
    }
}
