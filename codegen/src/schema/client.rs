//! The part of a schema that only the client knows.
//!
//! In: what a configuration says about the client. Out: more texts of the schema, after those of the server. What they
//! define is checked like everything else, and never sent.

use super::Schema;
use crate::source::{SourceId, Sources};
use apollo_compiler::Name;
use apollo_compiler::ast::{DirectiveList, Field};
use serde::{Deserialize, Serialize};

/// Apollo Client's mark of what only the client knows, which other clients use too.
pub const CLIENT_MARK: &str = "client";

/// Client libraries whose directives are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Client {
    /// Apollo Client: `@client`, `@connection`, `@export` and more.
    Apollo,
    /// Relay: `@connection`, `@refetchable`, `@required` and more.
    Relay,
}

/// What a client adds to the schema of a server.
#[derive(Debug, Clone, Default)]
pub struct ClientSide {
    /// The client library, whose directives are known.
    pub client: Option<Client>,
    /// SDL that extends the server's types.
    pub schema: Vec<SourceId>,
    /// More directives, as SDL.
    pub directives: String,
}

impl ClientSide {
    /// True if there is `@client`, and nothing says which fields it may mark.
    pub(super) fn leaves_fields_open(&self) -> bool {
        self.client == Some(Client::Apollo) && self.schema.is_empty()
    }

    /// The ready directives of the client library, as a text.
    pub(super) fn ready(&self, sources: &mut Sources) -> Option<SourceId> {
        let (name, sdl) = match self.client? {
            Client::Apollo => ("the directives of Apollo Client", include_str!("client/apollo.graphql")),
            Client::Relay => ("the directives of Relay", include_str!("client/relay.graphql")),
        };
        Some(sources.add(name, sdl))
    }

    /// The texts of the user, in the order of the configuration.
    pub(super) fn own(&self, sources: &mut Sources) -> Vec<SourceId> {
        let mut texts = self.schema.clone();
        if !self.directives.trim().is_empty() {
            texts.push(sources.add("client_directives", self.directives.as_str()));
        }
        texts
    }
}

/// Nothing but directives.
impl From<&str> for ClientSide {
    fn from(directives: &str) -> Self {
        Self { directives: directives.to_owned(), ..Self::default() }
    }
}

impl From<&String> for ClientSide {
    fn from(directives: &String) -> Self {
        directives.as_str().into()
    }
}

impl Schema {
    /// True if directives say that something is the client's. Only a directive of the client's own says so.
    pub fn is_marked_client_only(&self, directives: &DirectiveList) -> bool {
        self.client_directives.contains(CLIENT_MARK) && directives.has(CLIENT_MARK)
    }

    /// True for a type that only the client knows.
    pub fn is_client_type(&self, name: &str) -> bool {
        let is_in = |schema: &Self| schema.kind(name).is_some();
        self.has_client_side() && is_in(self) && !is_in(self.server())
    }

    /// True for a field that is never sent: one with `@client`, or one that only the client knows.
    pub fn is_client_field(&self, parent: Option<&Name>, field: &Field) -> bool {
        let is_in = |schema: &Self| parent.is_some_and(|parent| schema.has_field(parent, &field.name));
        self.has_client_side()
            && (self.is_marked_client_only(&field.directives) || (is_in(self) && !is_in(self.server())))
    }
}
