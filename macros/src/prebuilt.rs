//! The door to what `graphwright generate` has written: checks that it is up to date, and uses it.
//!
//! Nothing but the compiler's own tokens is needed for that.

use graphwright_prebuilt::{Manifest, VERSION};
use proc_macro::{Delimiter, Group, Span, TokenStream, TokenTree};
use std::path::{Path, PathBuf};

pub fn operations(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let place = arguments.clone().into_iter().next().map_or(Span::call_site(), |token| token.span());
    let module = match Module::parse(item.clone()) {
        Some(module) => module,
        None => return with(vec!["`operations` stands on a module: `mod name {}`".to_owned()], place, item),
    };
    let Some(output) = output(arguments) else {
        let message = "with the feature `prebuilt`, say where `graphwright generate` writes: \
                       `operations(output = \"src/api\")`; anything else needs the feature `macros`";
        return with(vec![message.to_owned()], place, module.with(TokenStream::new()));
    };
    match Prebuilt::find(&output) {
        Ok(prebuilt) => with(prebuilt.problems(&output), place, module.with(prebuilt.tokens())),
        Err(message) => with(vec![message], place, module.with(TokenStream::new())),
    }
}

pub fn operation(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let place = arguments.into_iter().next().map_or(Span::call_site(), |token| token.span());
    let message = "an operation in Rust code is not known to `graphwright generate`: move it to a file, \
                   or use the feature `macros` instead of `prebuilt`";
    with(vec![message.to_owned()], place, item)
}

/// The generated code of an output.
struct Prebuilt {
    path: PathBuf,
    manifest: Option<(Manifest, String)>,
}

impl Prebuilt {
    fn find(output: &str) -> Result<Self, String> {
        let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
        let path = root.join(output);
        let path = if path.extension().is_some_and(|extension| extension == "rs") { path } else { path.join("mod.rs") };
        let manifest = std::fs::read_to_string(&path).and_then(|code| {
            let found = Manifest::read_output(&path, &code)?;
            Ok(found.map(|(manifest, version)| (manifest, version.to_owned())))
        });
        match manifest {
            Ok(manifest) => Ok(Self { path, manifest }),
            Err(error) => Err(format!("{output} cannot be read ({error}): run `graphwright generate`")),
        }
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    fn problems(&self, output: &str) -> Vec<String> {
        let Some((manifest, version)) = &self.manifest else {
            return vec![format!("{output} does not say what it came from: run `graphwright generate`")];
        };
        if version != VERSION {
            return vec![format!(
                "{output} is by graphwright {version}, and this is {VERSION}: run `graphwright generate`"
            )];
        }
        match manifest.changes(self.folder()).as_slice() {
            [] => Vec::new(),
            changes => vec![format!("{output} is not up to date: run `graphwright generate`\n{}", changes.join("\n"))],
        }
    }

    /// Returns the code, and constants that make the compiler read every input.
    fn tokens(&self) -> TokenStream {
        let files = self.manifest.iter().flat_map(|(manifest, _)| &manifest.files);
        let inputs = files.map(|file| self.folder().join(&file.path));
        let inputs = inputs.filter(|path| path.is_file());
        let inputs = inputs.map(|path| format!("const _: &[u8] = ::core::include_bytes!({path:?});"));
        let path = &self.path;
        let code = format!(
            "#[path = {path:?}] #[rustfmt::skip] mod __prebuilt; #[allow(unused_imports)] pub use self::__prebuilt::*; {}",
            inputs.collect::<String>()
        );
        // Words of ours around quoted paths are always tokens.
        code.parse().unwrap_or_default()
    }
}

/// Returns the only argument: `output = "src/api"`.
fn output(arguments: TokenStream) -> Option<String> {
    let tokens: Vec<TokenTree> = arguments.into_iter().collect();
    let [TokenTree::Ident(key), TokenTree::Punct(equals), TokenTree::Literal(value), rest @ ..] = tokens.as_slice()
    else {
        return None;
    };
    let is_end = rest.is_empty() || matches!(rest, [TokenTree::Punct(comma)] if comma.as_char() == ',');
    let value = value.to_string();
    let value = value.strip_prefix('"')?.strip_suffix('"')?;
    (key.to_string() == "output" && equals.as_char() == '=' && is_end).then(|| value.to_owned())
}

/// `pub mod api { … }`
struct Module {
    before: Vec<TokenTree>,
    body: Group,
}

impl Module {
    fn parse(item: TokenStream) -> Option<Self> {
        let mut before: Vec<TokenTree> = item.into_iter().collect();
        let body = match before.pop()? {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => body,
            _ => return None,
        };
        let keyword = before.len().checked_sub(2).and_then(|at| before.get(at));
        matches!(keyword, Some(TokenTree::Ident(word)) if word.to_string() == "mod").then_some(Self { before, body })
    }

    fn with(self, more: TokenStream) -> TokenStream {
        let content: TokenStream = [self.body.stream(), more].into_iter().collect();
        let body = TokenTree::Group(Group::new(Delimiter::Brace, content));
        self.before.into_iter().chain([body]).collect()
    }
}

/// Errors before an item.
fn with(messages: Vec<String>, place: Span, item: TokenStream) -> TokenStream {
    let errors = messages.into_iter().flat_map(|message| {
        let error: TokenStream = format!("::core::compile_error! {{ {message:?} }}").parse().unwrap_or_default();
        error.into_iter().map(|mut token| {
            token.set_span(place);
            token
        })
    });
    errors.chain(item).collect()
}
