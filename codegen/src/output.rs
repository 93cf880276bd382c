//! Converts rendered tokens to files: names, contents, and the files on disk to replace.

mod atomic;
#[cfg(feature = "format")]
mod paths;
#[cfg(feature = "format")]
mod text;

#[cfg(feature = "format")]
use crate::compile::Compiled;
use crate::config::Config;
use crate::ir::Module;
use crate::module_tree::Tree;
#[cfg(feature = "format")]
use crate::render::quiet_inside;
use crate::render::{Nesting, docs, ident, quiet, render, visibility};
#[cfg(feature = "format")]
use crate::render::{Part, render_fragments, render_part};
#[cfg(feature = "format")]
use graphwright_prebuilt::{File, Folder, Manifest};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

pub use atomic::{remove_abandoned, write, write_all};
pub use graphwright_prebuilt::HEADER;

/// Returns all tokens as one module, with the structure of the configured output: folders become submodules.
pub fn nested_tokens(module: &Module, config: &Config) -> TokenStream {
    if config.single_file() || config.generate.output.is_none() {
        return tokens(module, config);
    }
    let rendered = render(module, runtime(config), Nesting::Modules);
    let (quiet, visibility) = (quiet(), visibility(module.visibility));
    let documents = nested_modules(&Tree::of(module), &rendered.documents, module);
    let fragments = (!module.fragments.is_empty()).then_some(rendered.fragments);
    let fragments = fragments.map(|tokens| quote!(#[doc = " Fragments."] #quiet #visibility mod fragments { #tokens }));
    let types = has_types(module).then_some(rendered.types);
    let types = types.map(
        |tokens| quote!(#[doc = " Enums, input objects and scalars in use."] #quiet #visibility mod types { #tokens }),
    );
    quote!(#documents #fragments #types)
}

/// Returns the submodules of a module, with the operations in them.
fn nested_modules(tree: &Tree, documents: &[TokenStream], module: &Module) -> TokenStream {
    let (quiet, visibility) = (quiet(), visibility(module.visibility));
    let modules = tree.modules.iter().map(|(name, below)| {
        let (name, docs) = (ident(name), docs_of(below, module));
        let operations = below.document.map(|at| &documents[at]);
        let modules = nested_modules(below, documents, module);
        quote!(#docs #quiet #visibility mod #name { #operations #modules })
    });
    quote!(#(#modules)*)
}

/// Returns the documentation of a module, since users' crates may require it for public items.
fn docs_of(tree: &Tree, module: &Module) -> TokenStream {
    docs(&docs_text(tree, module))
}

fn docs_text(tree: &Tree, module: &Module) -> String {
    match tree.document {
        Some(at) => format!("Operations of `{}`.", module.documents[at].source),
        None => "Documents of a folder.".to_owned(),
    }
}

/// Returns all tokens as one module, for `build.rs` and the macro.
pub fn tokens(module: &Module, config: &Config) -> TokenStream {
    flat(module, config, Nesting::Flat, &quiet())
}

/// Returns all tokens as one module; `quiet` are the attributes of its items.
fn flat(module: &Module, config: &Config, nesting: Nesting, quiet: &TokenStream) -> TokenStream {
    let rendered = render(module, runtime(config), nesting);
    let (types, fragments, documents) = (rendered.types, rendered.fragments, rendered.documents);
    let visibility = visibility(module.visibility);
    let types = has_types(module).then(|| {
        quote! {
            #[doc = " Enums, input objects and scalars in use."]
            #quiet
            #visibility mod types { #types }
        }
    });
    let fragments = (!module.fragments.is_empty()).then(|| {
        quote! {
            #[doc = " Fragments."]
            #quiet
            #visibility mod fragments { #fragments }
        }
    });
    quote!(#(#documents)* #fragments #types)
}

/// Returns [`tokens`] as the text of a file that is included in other code, whose names may be any: all paths are absolute.
///
/// # Errors
/// A configured type or derive is not valid Rust.
#[cfg(feature = "format")]
pub fn file(module: &Module, config: &Config) -> Result<String, FormatError> {
    let text = text::formatted(tokens(module, config)).map_err(|error| FormatError(error.to_string()))?;
    Ok(with_header("", &text))
}

/// Returns the files of an output by path relative to the configuration.
///
/// A single file if `output` ends in `.rs`, else `mod.rs`, `types.rs`, `fragments.rs` and one
/// file for each document, in the same folders as the documents.
///
/// A single file also records all inputs. In a folder, the file of a document records the document, and
/// `mod.rs` the other inputs; it has one line for each module, so that changes of different documents can be merged.
///
/// # Errors
/// A configured type or derive is not valid Rust.
#[cfg(feature = "format")]
pub fn files(compiled: &Compiled, config: &Config) -> Result<BTreeMap<PathBuf, String>, FormatError> {
    let module = &compiled.module;
    let output = config.generate.output.clone().unwrap_or_else(|| PathBuf::from("graphwright.rs"));
    let mut files = BTreeMap::new();
    if config.single_file() || config.generate.output.is_none() {
        let header = seen_from(&compiled.manifest, output.parent(), config).to_header();
        let (quiet, items) = (quiet_inside(), flat(module, config, Nesting::File, &TokenStream::new()));
        files.insert(output, format(quote!(#quiet #items), &header, config)?);
        return Ok(files);
    }
    let mut manifest = seen_from(&compiled.manifest, Some(&output), config);
    let mut modules = Vec::new();
    let mut parts = Vec::new();
    let tree = Tree::of(module);
    for (name, below) in &tree.modules {
        modules.push(declaration(name, module));
        document_files(below, module, &output, name, &mut parts);
    }
    for part in &mut parts {
        let source = part.tree.and_then(|tree| tree.document).map(|at| module.documents[at].source.as_str());
        let path = source.map(|source| path_from(&config.resolve(&output), Path::new(source), config));
        if let Some(at) = path.and_then(|path| manifest.files.iter().position(|file| file.path == path)) {
            part.header = manifest.files.remove(at).to_line();
        }
    }
    if !module.fragments.is_empty() {
        parts.push(PartFile::new(output.join("fragments.rs"), Part::Fragments, " Fragments.".to_owned()));
        modules.push(declaration("fragments", module));
    }
    if has_types(module) {
        let docs = " Enums, input objects and scalars in use.".to_owned();
        parts.push(PartFile::new(output.join("types.rs"), Part::Types, docs));
        modules.push(declaration("types", module));
    }
    let quiet = quiet_inside();
    files.insert(output.join("mod.rs"), format(quote!(#quiet #(#modules)*), &manifest.to_header(), config)?);
    files.extend(rendered_files(module, config, &parts)?);
    Ok(files)
}

/// A file to write.
#[cfg(feature = "format")]
struct PartFile<'t> {
    path: PathBuf,
    header: String,
    /// The documentation of the module.
    docs: String,
    /// The content; `None` for a folder without a document of the same name.
    part: Option<Part>,
    /// The module, if it is one of documents: it declares its submodules.
    tree: Option<&'t Tree>,
}

#[cfg(feature = "format")]
impl PartFile<'_> {
    fn new(path: PathBuf, part: Part, docs: String) -> Self {
        Self { path, header: String::new(), docs, part: Some(part), tree: None }
    }
}

/// Adds the files of a module and of its submodules.
#[cfg(feature = "format")]
fn document_files<'t>(tree: &'t Tree, module: &Module, folder: &Path, name: &str, parts: &mut Vec<PartFile<'t>>) {
    let below = folder.join(name);
    let path = if tree.modules.is_empty() { folder.join(format!("{name}.rs")) } else { below.join("mod.rs") };
    let (docs, part) = (format!(" {}", docs_text(tree, module)), tree.document.map(Part::Document));
    parts.push(PartFile { path, header: String::new(), docs, part, tree: Some(tree) });
    for (name, tree) in &tree.modules {
        document_files(tree, module, &below, name, parts);
    }
}

/// `pub mod customers;`
#[cfg(feature = "format")]
fn declaration(name: &str, module: &Module) -> TokenStream {
    let (visibility, name) = (visibility(module.visibility), ident(name));
    quote!(#visibility mod #name;)
}

/// Renders and formats files on all processors, since that takes longer than all other steps.
#[cfg(feature = "format")]
fn rendered_files(
    module: &Module,
    config: &Config,
    parts: &[PartFile<'_>],
) -> Result<Vec<(PathBuf, String)>, FormatError> {
    let one = |PartFile { path, header, docs, part, tree }: &PartFile<'_>| {
        let docs = quote!(#![doc = #docs]);
        if let Some(Part::Fragments) = part {
            let fragments = render_fragments(module, runtime(config));
            let text: String = [docs]
                .into_iter()
                .chain(fragments)
                .map(|tokens| formatted(tokens, config))
                .collect::<Result<_, _>>()?;
            return Ok((path.clone(), with_header(header, &text)));
        }
        let tokens = part.map(|part| render_part(module, runtime(config), Nesting::Modules, part));
        let below = tree.iter().flat_map(|tree| &tree.modules);
        let modules = below.map(|(name, _)| declaration(name, module));
        Ok((path.clone(), format(quote!(#docs #tokens #(#modules)*), header, config)?))
    };
    // For a few files, a thread costs more than it saves.
    const FEWEST: usize = 4;
    if parts.len() <= FEWEST {
        return parts.iter().map(one).collect();
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let shares = parts.chunks(parts.len().div_ceil(threads).max(FEWEST));
        let shares: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().map(one).collect::<Result<Vec<_>, _>>())).collect();
        let mut files = Vec::new();
        for share in shares {
            match share.join() {
                Ok(done) => files.extend(done?),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        Ok(files)
    })
}

/// Returns true if there are enums, input objects or scalars of the schema.
pub(crate) fn has_types(module: &Module) -> bool {
    !(module.enums.is_empty() && module.inputs.is_empty() && module.scalars.is_empty())
}

fn runtime(config: &Config) -> &str {
    config.generate.runtime.as_deref().unwrap_or("::graphwright")
}

/// The error if the tokens do not form a file: a configured type or derive is not Rust.
#[cfg(feature = "format")]
#[derive(Debug)]
pub struct FormatError(String);

#[cfg(feature = "format")]
impl std::fmt::Display for FormatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the generated code is not valid Rust: {}; check the types and derives in the configuration", self.0)
    }
}

#[cfg(feature = "format")]
impl std::error::Error for FormatError {}

#[cfg(feature = "format")]
fn format(tokens: TokenStream, header: &str, config: &Config) -> Result<String, FormatError> {
    Ok(with_header(header, &formatted(tokens, config)?))
}

#[cfg(feature = "format")]
fn formatted(tokens: TokenStream, config: &Config) -> Result<String, FormatError> {
    let tokens = paths::shortened(tokens, runtime(config));
    text::formatted(tokens).map_err(|error| FormatError(error.to_string()))
}

#[cfg(feature = "format")]
fn with_header(header: &str, text: &str) -> String {
    format!("{HEADER}\n{header}\n{text}")
}

/// The inputs of an output, relative to its folder.
#[cfg(feature = "format")]
fn seen_from(manifest: &Manifest, folder: Option<&Path>, config: &Config) -> Manifest {
    let folder = config.resolve(folder.unwrap_or(Path::new("")));
    let seen = |path: &String| path_from(&folder, Path::new(path), config);
    let files = manifest.files.iter().map(|file| File { path: seen(&file.path), hash: file.hash });
    let folders = manifest
        .folders
        .iter()
        .map(|folder| Folder { path: seen(&folder.path), unused: folder.unused.iter().map(seen).collect() });
    Manifest { files: files.collect(), folders: folders.collect() }
}

/// Returns the path of a configured file relative to a folder.
#[cfg(feature = "format")]
fn path_from(folder: &Path, file: &Path, config: &Config) -> String {
    crate::files::way(folder, &config.resolve(file)).to_string_lossy().replace('\\', "/")
}

/// The changes that writing would make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// New and changed files, with their current content.
    pub written: BTreeMap<PathBuf, Option<String>>,
    /// Generated files that are no longer part of the output.
    pub removed: BTreeSet<PathBuf>,
}

impl Changes {
    /// Returns true if the disk already holds the output.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

/// Compares an output with the disk.
///
/// # Errors
/// A file cannot be read, or a file to replace was not generated.
pub fn changes(files: &BTreeMap<PathBuf, String>, config: &Config) -> io::Result<Changes> {
    let mut changes = Changes::default();
    for (path, content) in files {
        let present = match std::fs::read_to_string(config.resolve(path)) {
            Ok(present) => Some(present),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(naming(path, error)),
        };
        if present.as_ref().is_some_and(|present| !is_ours(present)) {
            let message =
                format!("{} exists and was not generated by graphwright; it is not overwritten", path.display());
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
        }
        if present.as_ref() != Some(content) {
            changes.written.insert(path.clone(), present);
        }
    }
    if let (false, Some(folder)) = (config.single_file(), &config.generate.output) {
        changes.removed = stale(folder, files, config)?;
    }
    Ok(changes)
}

/// Returns the files in the output folder and below that have the header of generated files but are not in the output.
fn stale(folder: &Path, files: &BTreeMap<PathBuf, String>, config: &Config) -> io::Result<BTreeSet<PathBuf>> {
    let mut stale = BTreeSet::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(below) = open.pop() {
        let entries = match std::fs::read_dir(config.resolve(&below)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(naming(&below, error)),
        };
        for entry in entries {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                if !graphwright_prebuilt::is_output(&config.resolve(&path)) {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|extension| extension == "rs")
                && !files.contains_key(&path)
                && std::fs::read_to_string(config.resolve(&path)).is_ok_and(|content| is_ours(&content))
            {
                stale.insert(path);
            }
        }
    }
    Ok(stale)
}

fn is_ours(content: &str) -> bool {
    content.starts_with(HEADER)
}

/// Applies the changes: writes new and changed files, each atomically, and removes
/// stale ones. Nothing is written before everything has been computed.
///
/// # Errors
/// A file or folder cannot be written.
pub fn apply(files: &BTreeMap<PathBuf, String>, changes: &Changes, config: &Config) -> io::Result<()> {
    let targets: Vec<PathBuf> = files.keys().map(|path| config.resolve(path)).collect();
    remove_abandoned(targets.iter().map(PathBuf::as_path));
    for path in changes.written.keys() {
        let content = files.get(path).map(String::as_str).unwrap_or_default();
        write(&config.resolve(path), content)?;
    }
    for path in &changes.removed {
        std::fs::remove_file(config.resolve(path)).map_err(|error| naming(path, error))?;
    }
    if let Some(output) = &config.generate.output {
        let folders = changes.removed.iter().flat_map(|path| path.ancestors().skip(1));
        let folders: BTreeSet<&Path> =
            folders.filter(|folder| folder.starts_with(output) && *folder != output).collect();
        // The deepest first; folders that are not empty are kept.
        for folder in folders.into_iter().rev() {
            let _ = std::fs::remove_dir(config.resolve(folder));
        }
    }
    Ok(())
}

fn naming(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
