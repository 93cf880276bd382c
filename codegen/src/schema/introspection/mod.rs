//! Introspection: the query, and its result as SDL.
//!
//! Everything that is an enum on paper is an open string here, since servers send kinds
//! and directive locations that no specification lists.

mod query;
mod read;
mod sayable;
mod sdl;

pub use query::{PROBE, Support, query};
pub use read::{
    Directive, EnumValue, Error, Field, InputValue, Introspection, Named, TypeDefinition, TypeReference, read,
};
pub use sdl::{Order, to_sdl};
