//! Numbers of things in the lists of a [`Module`](super::Module), a type for each list.

use super::{Fragment, Shape, Unnamed};
use std::ops::{Index, IndexMut};

macro_rules! numbers {
    ($($(#[$doc:meta])* $id:ident)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $id(pub usize);

            impl From<$id> for usize {
                fn from(id: $id) -> Self {
                    id.0
                }
            }
        )*
    };
}

/// Numbers by which a list is indexed.
macro_rules! ids {
    ($($(#[$doc:meta])* $id:ident of $thing:ty;)*) => {
        numbers! { $($(#[$doc])* $id)* }
        $(
            impl Index<$id> for Vec<$thing> {
                type Output = $thing;

                fn index(&self, id: $id) -> &$thing {
                    &self[id.0]
                }
            }

            impl IndexMut<$id> for Vec<$thing> {
                fn index_mut(&mut self, id: $id) -> &mut $thing {
                    &mut self[id.0]
                }
            }
        )*
    };
}

ids! {
    /// A fragment, in [`Module::fragments`](super::Module::fragments).
    FragmentId of Fragment;
    /// A shape, in [`Definition::shapes`](super::Definition::shapes).
    ShapeId of Shape<Unnamed>;
}

numbers! {
    /// A group of object types: an arm, in [`Arms::arms`](super::Arms::arms), or past the last one every other type.
    GroupId
}
