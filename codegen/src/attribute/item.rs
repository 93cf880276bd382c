//! The items that attributes apply to.

use super::errors::Problem;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Fields, ItemStruct, Visibility};

/// `pub mod customers { … }`; the content between the braces is not parsed.
pub struct Module {
    /// Attributes, visibility, `mod`, the name.
    before: Vec<TokenTree>,
    body: Group,
}

impl Module {
    /// Parses a module.
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
                Err(Problem::new(place, "the generated code needs a module with braces; expected `mod name {}`"))
            }
            _ => Err(Problem::new(
                place,
                "`operations` applies to a module, `mod name {}`; for a struct, use `operation`",
            )),
        }
    }

    /// Returns the module with more items.
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
    /// The attributes above it.
    pub attributes: Vec<Attribute>,
    /// The visibility.
    pub visibility: Visibility,
    /// The name.
    pub name: Ident,
    /// The whole item.
    pub original: TokenStream,
}

impl Struct {
    /// Parses a struct without fields.
    pub fn parse(item: TokenStream) -> Result<Self, Problem> {
        let original = item.clone();
        let place = item.clone().into_iter().next().map_or(Span::call_site(), |token| token.span());
        let item: ItemStruct = syn::parse2(item).map_err(|_| {
            Problem::new(place, "`operation` applies to a struct, `struct Name;`; for a module, use `operations`")
        })?;
        if !matches!(item.fields, Fields::Unit) || !item.generics.params.is_empty() {
            let message = "the fields are generated from the operation's variables; expected `struct Name;`";
            return Err(Problem::new(item.ident.span(), message));
        }
        if let Some(other) = item.attrs.iter().find(|attribute| !passes(attribute)) {
            let name = other.path().to_token_stream().to_string();
            let message = match name.as_str() {
                "derive" => "derives are an argument: use `operation(\"…\", derives = [\"…\"])`".to_owned(),
                name => format!("the attribute `{name}` cannot be applied to generated code"),
            };
            return Err(Problem::new(other.path().span(), message));
        }
        Ok(Self { attributes: item.attrs, visibility: item.vis, name: item.ident, original })
    }
}

/// Returns true for attributes that are valid on an import, since the struct is generated elsewhere and imported.
fn passes(attribute: &Attribute) -> bool {
    const KNOWN: [&str; 9] = ["allow", "cfg", "cfg_attr", "deny", "deprecated", "doc", "expect", "forbid", "warn"];
    KNOWN.iter().any(|known| attribute.path().is_ident(known))
}
