//! The items that attributes stand on.

use super::errors::Problem;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Fields, ItemStruct, Visibility};

/// `pub mod customers { … }`, of which nothing but the braces is looked at.
pub struct Module {
    /// Attributes, visibility, `mod`, the name.
    before: Vec<TokenTree>,
    body: Group,
}

impl Module {
    /// Takes a module apart.
    pub fn parse(item: TokenStream) -> Result<Self, Problem> {
        let mut before: Vec<TokenTree> = item.into_iter().collect();
        let last = before.pop();
        let keyword = before.iter().position(|token| matches!(token, TokenTree::Ident(word) if word == "mod"));
        let place =
            before.iter().find(|token| matches!(token, TokenTree::Ident(_))).map_or(Span::call_site(), TokenTree::span);
        match (keyword, last) {
            (Some(at), Some(TokenTree::Group(body)))
                if body.delimiter() == Delimiter::Brace && at + 2 == before.len() =>
            {
                Ok(Self { before, body })
            }
            (Some(_), Some(TokenTree::Punct(_))) => {
                Err(Problem::new(place, "the code goes between the braces of a module: write `mod name {}`"))
            }
            _ => Err(Problem::new(
                place,
                "`operations` stands on a module, `mod name {}`; on a struct, write `operation`",
            )),
        }
    }

    /// Returns the module with more in it.
    pub fn with(&self, more: TokenStream) -> TokenStream {
        let own = self.body.stream();
        let mut body = Group::new(Delimiter::Brace, quote!(#own #more));
        body.set_span(self.body.span());
        let mut tokens: TokenStream = self.before.iter().cloned().collect();
        body.to_tokens(&mut tokens);
        tokens
    }
}

/// `pub struct Me;`
pub struct Struct {
    /// What stands above it.
    pub attributes: Vec<Attribute>,
    /// Who sees it.
    pub visibility: Visibility,
    /// Its name.
    pub name: Ident,
    /// All of it.
    pub original: TokenStream,
}

impl Struct {
    /// Takes a struct without fields apart.
    pub fn parse(item: TokenStream) -> Result<Self, Problem> {
        let original = item.clone();
        let place = item.clone().into_iter().next().map_or(Span::call_site(), |token| token.span());
        let item: ItemStruct = syn::parse2(item).map_err(|_| {
            Problem::new(place, "`operation` stands on a struct, `struct Name;`; on a module, write `operations`")
        })?;
        if !matches!(item.fields, Fields::Unit) || !item.generics.params.is_empty() {
            let message = "the operation's variables become the fields: write `struct Name;`";
            return Err(Problem::new(item.ident.span(), message));
        }
        if let Some(other) = item.attrs.iter().find(|attribute| !passes(attribute)) {
            let name = other.path().to_token_stream().to_string();
            let message = match name.as_str() {
                "derive" => "derives are a setting: write `operation(\"…\", derives = [\"…\"])`".to_owned(),
                name => format!("`{name}` cannot be passed on to the code that is generated"),
            };
            return Err(Problem::new(other.path().span(), message));
        }
        Ok(Self { attributes: item.attrs, visibility: item.vis, name: item.ident, original })
    }
}

/// Returns true for attributes that an import can have: the struct is generated elsewhere, and imported.
fn passes(attribute: &Attribute) -> bool {
    const KNOWN: [&str; 9] = ["allow", "cfg", "cfg_attr", "deny", "deprecated", "doc", "expect", "forbid", "warn"];
    KNOWN.iter().any(|known| attribute.path().is_ident(known))
}
