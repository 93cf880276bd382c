//! The tree of the modules of documents.

use crate::ir::Module;
use std::collections::BTreeMap;

/// A module with its documents and submodules.
#[derive(Debug, Default)]
pub struct Tree {
    /// The document whose operations it contains, as its index in [`Module::documents`].
    pub document: Option<usize>,
    /// The submodules by name.
    pub modules: BTreeMap<String, Tree>,
}

impl Tree {
    /// Creates the module tree of an output.
    pub fn of(module: &Module) -> Self {
        let mut root = Self::default();
        for (at, document) in module.documents.iter().enumerate() {
            let path = document.module.iter();
            let place = path.fold(&mut root, |tree, name| tree.modules.entry(name.clone()).or_default());
            place.document = Some(at);
        }
        root
    }
}
