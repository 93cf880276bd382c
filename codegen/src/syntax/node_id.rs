//! Identity of the nodes of syntax trees.

use apollo_compiler::Node;

/// A node, by its address. Syntax trees are shared and never changed, so that an address means one node as long as its
/// tree is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NodeId(usize);

impl NodeId {
    /// Returns the identity of a node.
    pub fn of<T>(node: &Node<T>) -> Self {
        Self(std::ptr::from_ref::<T>(node).addr())
    }
}
