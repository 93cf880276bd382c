//! Statements of a module: imports, constants, and the export; other statements are recorded as unread.

use super::lexer::Kind;
use super::parser::Parser;
use crate::cli::migrate::syntax::{Base, Binding, Module, Node, Path, SyntaxError, Value};

/// Reads all statements.
pub fn read(parser: &mut Parser) -> Result<Module, SyntaxError> {
    let mut module = Module::default();
    while !parser.is_at_end() {
        if parser.takes(';') {
            continue;
        }
        let before = parser.mark();
        statement(parser, &mut module)?;
        end(parser)?;
        if parser.mark() == before {
            // An unmatched closing bracket.
            let range = parser.take().range;
            return Err(SyntaxError { range, message: "unexpected bracket".to_owned() });
        }
    }
    Ok(module)
}

fn statement(parser: &mut Parser, module: &mut Module) -> Result<(), SyntaxError> {
    let mark = parser.mark();
    let Kind::Name(keyword) = parser.token().kind.clone() else {
        let is_directive = matches!(parser.token().kind, Kind::String(_));
        return if is_directive { parser.skip(mark) } else { unread(parser, module) };
    };
    match &*keyword {
        "import" if !matches!(parser.ahead(1).kind, Kind::Punct('(' | '.')) => import(parser, module),
        "export" => export(parser, module),
        "const" | "let" | "var" => declaration(parser, module),
        "module" if parser.ahead(1).kind.is('.') && parser.ahead(2).kind.is_name("exports") => {
            if !parser.ahead(3).kind.is('=') {
                return unread(parser, module);
            }
            for _ in 0..4 {
                parser.take();
            }
            module.exported = Some(parser.value()?);
            Ok(())
        }
        "function" | "class" | "type" | "interface" | "declare" | "enum" | "async" | "abstract" => parser.skip(mark),
        _ => unread(parser, module),
    }
}

/// Skips the rest of a statement.
fn end(parser: &mut Parser) -> Result<(), SyntaxError> {
    if parser.is_at_end() || parser.token().kind.is(';') || parser.begins_statement() {
        return Ok(());
    }
    let is_after_block = parser.before().is_some_and(|before| before.kind.is('}'));
    if is_after_block && matches!(parser.token().kind, Kind::Name(_)) {
        return Ok(());
    }
    parser.skip(parser.mark())
}

fn unread(parser: &mut Parser, module: &mut Module) -> Result<(), SyntaxError> {
    let start = parser.token().range.start;
    parser.skip(parser.mark())?;
    let end = parser.before().map_or(start, |token| token.range.end);
    module.unread.push(start..end.max(start));
    Ok(())
}

/// `import a, { b as c } from "m"`, `import * as a from "m"`, `import a = require("m")`, `import "m"`.
fn import(parser: &mut Parser, module: &mut Module) -> Result<(), SyntaxError> {
    parser.take();
    let is_type = parser.token().kind.is_name("type") && !parser.ahead(1).kind.is_name("from");
    if is_type && !parser.ahead(1).kind.is(',') {
        return parser.skip(parser.mark());
    }
    let mut names: Vec<(String, Vec<String>)> = Vec::new();
    loop {
        if parser.takes('*') {
            parser.takes_name("as");
            names.extend(parser.name().map(|name| (name, Vec::new())));
        } else if parser.takes('{') {
            names.extend(bindings(parser, "as"));
        } else if let Some(name) = parser.name() {
            if parser.takes('=') {
                let value = parser.value()?;
                module.bindings.insert(name, Binding::Constant(value));
                return Ok(());
            }
            names.push((name, Vec::new()));
        }
        if !parser.takes(',') {
            break;
        }
    }
    if parser.takes_name("from")
        && let Some(from) = parser.string()
    {
        for (name, members) in names {
            let path = Path { base: Base::Module(from.clone()), members };
            module.bindings.insert(name, Binding::Import(path));
        }
    }
    Ok(())
}

/// Reads the names in braces, after the opening one: `a`, `a as b`, and `a: b` in a declaration. Skips everything else.
fn bindings(parser: &mut Parser, separator: &str) -> Vec<(String, Vec<String>)> {
    let mut names = Vec::new();
    while !parser.is_at_end() && !parser.takes('}') {
        let member = parser.name().or_else(|| parser.string());
        let Some(member) = member else {
            parser.take();
            continue;
        };
        let is_renamed = if separator == ":" { parser.takes(':') } else { parser.takes_name(separator) };
        let name = if is_renamed { parser.name() } else { Some(member.clone()) };
        let members = if member == "default" { Vec::new() } else { vec![member] };
        names.extend(name.map(|name| (name, members)));
    }
    names
}

fn export(parser: &mut Parser, module: &mut Module) -> Result<(), SyntaxError> {
    parser.take();
    if parser.takes_name("default") || parser.takes('=') {
        module.exported = Some(parser.value()?);
        return Ok(());
    }
    if parser.takes('{') {
        for (name, members) in bindings(parser, "as") {
            if name == "default" {
                let base = Base::Name(members.into_iter().next().unwrap_or_default());
                let range = parser.before().map_or(0..0, |token| token.range.clone());
                let value = Value::Path(Path { base, members: Vec::new() });
                module.exported = Some(Node { range, value });
            }
        }
        return Ok(());
    }
    if matches!(&parser.token().kind, Kind::Name(name) if matches!(&**name, "const" | "let" | "var")) {
        return declaration(parser, module);
    }
    parser.skip(parser.mark())
}

/// `const a: T = 1, { b, c: d } = require("m")`
fn declaration(parser: &mut Parser, module: &mut Module) -> Result<(), SyntaxError> {
    parser.take();
    loop {
        let names = match parser.name() {
            Some(name) => vec![(name, Vec::new())],
            None if parser.takes('{') => bindings(parser, ":"),
            None => return parser.skip(parser.mark()),
        };
        if parser.takes(':') {
            parser.skip_type()?;
        }
        if !parser.takes('=') {
            return parser.skip(parser.mark());
        }
        let value = parser.value()?;
        for (name, members) in names {
            let binding = match (&value.value, members.is_empty()) {
                (_, true) => Some(Binding::Constant(value.clone())),
                (Value::Path(path), false) => {
                    let mut path = path.clone();
                    path.members.extend(members);
                    Some(Binding::Constant(Node { range: value.range.clone(), value: Value::Path(path) }))
                }
                // The name is a member of a literal or of a call, whose value cannot be read.
                _ => None,
            };
            if let Some(binding) = binding {
                module.bindings.insert(name, binding);
            }
        }
        if !parser.takes(',') {
            return Ok(());
        }
    }
}
