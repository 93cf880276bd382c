//! The modules of documents, one in the other.

use crate::ir::Module;
use std::collections::BTreeMap;

/// A module, with the documents and modules that are in it.
#[derive(Debug, Default)]
pub struct Tree {
    /// The document whose operations it holds, by its index in [`Module::documents`].
    pub document: Option<usize>,
    /// The modules in it, by name.
    pub modules: BTreeMap<String, Tree>,
}

impl Tree {
    /// Creates the modules of an output, below its root.
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
