//! Shortens the paths in the files that people read: `Option<String>` instead of the absolute paths that
//! the macros emit.
//!
//! Every module imports the same names: the `prelude` of the runtime. A name that the module itself defines
//! hides the imported one, which then keeps its path.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;

/// The imported names, by the paths that rendering uses.
const IMPORTED: &[[&str; 3]] = &[
    ["core", "clone", "Clone"],
    ["core", "cmp", "Eq"],
    ["core", "cmp", "Ord"],
    ["core", "cmp", "PartialEq"],
    ["core", "cmp", "PartialOrd"],
    ["core", "default", "Default"],
    ["core", "fmt", "Debug"],
    ["core", "hash", "Hash"],
    ["core", "marker", "Copy"],
    ["core", "option", "Option"],
    ["std", "boxed", "Box"],
    ["std", "string", "String"],
    ["std", "vec", "Vec"],
];

/// The imported names of the runtime.
const OF_RUNTIME: &[&str] = &["Id", "Input", "TypeName"];

/// The modules of the output that others refer to.
const SHARED: &[&str] = &["fragments", "types"];

/// Shortens paths, and adds imports to each module that needs some.
pub fn shortened(tokens: TokenStream, runtime: &str) -> TokenStream {
    let segments = runtime.split("::").map(str::trim).filter(|segment| !segment.is_empty());
    Runtime { is_absolute: runtime.starts_with("::"), segments: segments.map(str::to_owned).collect() }.module(tokens)
}

/// The path of the runtime.
struct Runtime {
    is_absolute: bool,
    segments: Vec<String>,
}

/// A module whose paths are shortened.
struct Module<'r> {
    runtime: &'r Runtime,
    /// The names that it defines.
    own: BTreeSet<String>,
    /// True if a name of the prelude is in use.
    uses_prelude: bool,
    /// The modules [`SHARED`] in use, with the number of `super` that lead to them.
    shared: BTreeMap<&'static str, usize>,
}

/// A path in tokens.
struct Path {
    is_absolute: bool,
    segments: Vec<Ident>,
    /// True if colons follow that no name follows, as before generic arguments.
    is_open: bool,
}

type Tokens = Peekable<<TokenStream as IntoIterator>::IntoIter>;

impl Runtime {
    fn module(&self, tokens: TokenStream) -> TokenStream {
        let own = defined(tokens.clone());
        let mut module = Module { runtime: self, own, uses_prelude: false, shared: BTreeMap::new() };
        let (attributes, rest) = inner_attributes(tokens);
        let items = module.items(rest);
        let imports = module.imports();
        quote!(#attributes #imports #items)
    }

    /// Returns what follows the runtime's path.
    fn strip<'p>(&self, path: &'p Path) -> Option<&'p [Ident]> {
        let starts = path.is_absolute == self.is_absolute
            && path.segments.len() > self.segments.len()
            && self.segments.iter().zip(&path.segments).all(|(ours, theirs)| theirs == ours);
        starts.then(|| &path.segments[self.segments.len()..])
    }
}

impl Module<'_> {
    fn imports(&self) -> TokenStream {
        let runtime = Path {
            is_absolute: self.runtime.is_absolute,
            segments: self.runtime.segments.iter().map(|name| Ident::new(name, Span::call_site())).collect(),
            is_open: false,
        };
        let runtime = runtime.tokens();
        let prelude = self.uses_prelude.then(|| quote!(use #runtime::__private::prelude::*;));
        let shared = self.shared.iter().map(|(name, up)| {
            let (up, name) = ((0..*up).map(|_| quote!(super::)), Ident::new(name, Span::call_site()));
            quote!(use #(#up)* #name;)
        });
        quote!(#prelude #(#shared)*)
    }

    /// Shortens the items of the module. Modules inside have names of their own.
    fn items(&mut self, tokens: TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        let mut tokens = tokens.into_iter().peekable();
        let mut is_module = false;
        while let Some(token) = tokens.peek() {
            match token {
                TokenTree::Ident(word) if word == "use" => self.import(&mut tokens, &mut out),
                TokenTree::Group(group) if is_module && group.delimiter() == Delimiter::Brace => {
                    let inside = self.runtime.module(group.stream());
                    out.extend([TokenTree::Group(Group::new(Delimiter::Brace, inside))]);
                    tokens.next();
                    is_module = false;
                }
                TokenTree::Ident(word) if word == "mod" => {
                    out.extend(tokens.next());
                    out.extend(tokens.next());
                    is_module = true;
                }
                TokenTree::Punct(end) if end.as_char() == ';' => {
                    out.extend(tokens.next());
                    is_module = false;
                }
                _ => self.token(&mut tokens, &mut out),
            }
        }
        out
    }

    /// Copies a `use`. That of the runtime is not needed beside the prelude.
    fn import(&mut self, tokens: &mut Tokens, out: &mut TokenStream) {
        let mut statement = Vec::new();
        let mut is_runtime = false;
        for token in tokens.by_ref() {
            is_runtime |= matches!(&token, TokenTree::Ident(name) if name == "__rt");
            let is_end = matches!(&token, TokenTree::Punct(end) if end.as_char() == ';');
            statement.push(token);
            if is_end {
                break;
            }
        }
        match is_runtime {
            true => self.uses_prelude = true,
            false => out.extend(statement),
        }
    }

    /// Shortens everything in tokens that are not items.
    fn inside(&mut self, tokens: TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        let mut tokens = tokens.into_iter().peekable();
        while tokens.peek().is_some() {
            self.token(&mut tokens, &mut out);
        }
        out
    }

    fn token(&mut self, tokens: &mut Tokens, out: &mut TokenStream) {
        if let Some(path) = path(tokens) {
            return out.extend(self.shorter(path).tokens());
        }
        match tokens.next() {
            Some(TokenTree::Group(group)) => {
                let mut inside = Group::new(group.delimiter(), self.inside(group.stream()));
                inside.set_span(group.span());
                out.extend([TokenTree::Group(inside)]);
            }
            token => out.extend(token),
        }
    }

    fn shorter(&mut self, path: Path) -> Path {
        let from = |name: &Ident, rest: &[Ident]| Path {
            is_absolute: false,
            segments: [name].into_iter().chain(rest).cloned().collect(),
            is_open: path.is_open,
        };
        if let Some([name, rest @ ..]) = self.runtime.strip(&path) {
            if name == "__private" {
                self.uses_prelude = true;
                return from(&Ident::new("__rt", name.span()), rest);
            }
            if OF_RUNTIME.iter().any(|known| name == known) && self.is_free(name) {
                self.uses_prelude = true;
                return from(name, rest);
            }
        }
        let is_imported = |first: &[Ident]| {
            IMPORTED.iter().any(|known| known.iter().zip(first).all(|(known, segment)| segment == known))
        };
        if let (true, Some((first, rest))) = (path.is_absolute, path.segments.split_at_checked(3))
            && is_imported(first)
            && self.is_free(&first[2])
        {
            self.uses_prelude = true;
            return from(&first[2], rest);
        }
        let up = path.segments.iter().take_while(|segment| *segment == "super").count();
        match &path.segments[up..] {
            [this, name, _, ..] if up == 0 && this == "self" && self.own.contains(&name.to_string()) => {
                from(name, &path.segments[2..])
            }
            [name, _, ..] if up > 0 && self.is_free(name) => match SHARED.iter().find(|shared| name == *shared) {
                Some(shared) => {
                    self.shared.insert(shared, up);
                    from(name, &path.segments[up + 1..])
                }
                None => path,
            },
            _ => path,
        }
    }

    fn is_free(&self, name: &Ident) -> bool {
        !self.own.contains(&name.to_string())
    }
}

impl Path {
    fn tokens(&self) -> TokenStream {
        let mut out = TokenStream::new();
        for (at, segment) in self.segments.iter().enumerate() {
            if at > 0 || self.is_absolute {
                out.extend(quote!(::));
            }
            out.extend([TokenTree::Ident(segment.clone())]);
        }
        if self.is_open {
            out.extend(quote!(::));
        }
        out
    }
}

/// Takes a path, if one is next.
fn path(tokens: &mut Tokens) -> Option<Path> {
    let is_absolute = takes_colons(tokens);
    let mut segments = Vec::new();
    let mut is_open = is_absolute;
    while let Some(TokenTree::Ident(segment)) = tokens.peek() {
        segments.push(segment.clone());
        tokens.next();
        is_open = takes_colons(tokens);
        if !is_open {
            break;
        }
    }
    (is_absolute || !segments.is_empty()).then_some(Path {
        is_absolute: is_absolute && !segments.is_empty(),
        segments,
        is_open,
    })
}

/// Takes two colons, if they are next: the first of them says that another one follows.
fn takes_colons(tokens: &mut Tokens) -> bool {
    let are_next = matches!(tokens.peek(), Some(TokenTree::Punct(colon))
        if colon.as_char() == ':' && colon.spacing() == Spacing::Joint);
    if are_next {
        tokens.next();
        tokens.next();
    }
    are_next
}

/// The names that items define in their own scope.
fn defined(tokens: TokenStream) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut last = None;
    for token in tokens {
        let TokenTree::Ident(name) = token else {
            last = None;
            continue;
        };
        if last.is_some_and(|last: Ident| ["struct", "enum", "type", "mod"].iter().any(|keyword| last == keyword)) {
            names.insert(name.to_string());
        }
        last = Some(name);
    }
    names
}

/// Splits off the attributes of the module itself.
fn inner_attributes(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let all: Vec<TokenTree> = tokens.into_iter().collect();
    let is_attribute = |part: &&[TokenTree]| {
        matches!(part, [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(_)]
            if hash.as_char() == '#' && bang.as_char() == '!')
    };
    let count = all.chunks(3).take_while(is_attribute).count();
    let rest = all[count * 3..].iter().cloned().collect();
    (all[..count * 3].iter().cloned().collect(), rest)
}
