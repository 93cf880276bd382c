//! Handwritten, fast types: serde's derives, and for parts that depend on the type a visitor
//! that reads `__typename` first and then the fields of that type, without a buffer.
#![allow(dead_code)]
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;

macro_rules! by_type_name {
    ($name:ident { $($type:ident($content:ty)),* }) => {
        #[derive(Clone, Debug)]
        pub enum $name {
            $($type($content),)*
            Other(String),
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Tagged;
                impl<'de> Visitor<'de> for Tagged {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("an object")
                    }
                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        if map.next_key::<TypeNameKey>()?.is_none() {
                            return Err(A::Error::missing_field("__typename"));
                        }
                        match map.next_value::<Tag>()? {
                            $(Tag::$type => {
                                <$content>::deserialize(MapAccessDeserializer::new(map)).map($name::$type)
                            })*
                            Tag::Other => {
                                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                                Ok($name::Other(String::new()))
                            }
                        }
                    }
                }
                #[derive(Deserialize)]
                enum TypeNameKey {
                    #[serde(rename = "__typename")]
                    TypeName,
                }
                #[derive(Deserialize)]
                enum Tag {
                    $($type,)*
                    #[serde(other)]
                    Other,
                }
                deserializer.deserialize_map(Tagged)
            }
        }
    };
}

#[derive(Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "UPPERCASE")]
pub enum State {
    Open,
    Closed,
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize, Clone, Debug)]
pub struct Search {
    pub search: Vec<SearchItem>,
}
by_type_name!(SearchItem { User(User), Repository(Repository), Issue(Issue), Comment(Comment) });
#[derive(Deserialize, Clone, Debug)]
pub struct User {
    pub id: String,
    pub login: String,
    #[serde(rename = "display")]
    pub name: Option<String>,
    pub followers: i32,
}
#[derive(Deserialize, Clone, Debug)]
pub struct Login {
    pub login: String,
}
#[derive(Deserialize, Clone, Debug)]
pub struct Repository {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub stars: i32,
    pub private: bool,
    pub owner: Login,
}
#[derive(Deserialize, Clone, Debug)]
pub struct Issue {
    pub id: String,
    pub number: i32,
    pub title: String,
    pub state: State,
    pub reporter: Option<Login>,
    pub labels: Vec<String>,
}
#[derive(Deserialize, Clone, Debug)]
pub struct Comment {
    pub id: String,
    pub body: String,
    pub author: Login,
    pub likes: i32,
}

#[derive(Deserialize, Clone, Debug)]
pub struct Nodes {
    pub nodes: Vec<Node>,
}
by_type_name!(Node { Issue(NodeIssue), PullRequest(NodePullRequest), Discussion(NodeDiscussion) });
#[derive(Deserialize, Clone, Debug)]
#[serde(rename_all = "camelCase")]
pub struct NodeIssue {
    pub id: String,
    pub created_at: String,
    pub title: String,
    pub number: i32,
    pub state: State,
}
#[derive(Deserialize, Clone, Debug)]
#[serde(rename_all = "camelCase")]
pub struct NodePullRequest {
    pub id: String,
    pub created_at: String,
    pub title: String,
    pub number: i32,
    pub merged: bool,
    pub additions: i32,
    pub deletions: i32,
}
#[derive(Deserialize, Clone, Debug)]
#[serde(rename_all = "camelCase")]
pub struct NodeDiscussion {
    pub id: String,
    pub created_at: String,
    pub title: String,
    pub answered: bool,
    pub upvotes: Option<i32>,
}

#[derive(Deserialize, Clone, Debug)]
pub struct Customers {
    pub customers: Vec<Customer>,
}
#[derive(Deserialize, Clone, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    pub id: String,
    pub name: String,
    pub external_id: Option<String>,
    pub description: Option<String>,
    pub created_at: String,
    pub active: bool,
    pub score: f64,
    pub labels: Vec<String>,
    pub address: Option<Address>,
}
#[derive(Deserialize, Clone, Debug)]
pub struct Address {
    pub street: String,
    pub city: String,
    pub zip: Option<String>,
}

#[derive(Deserialize, Clone, Debug)]
pub struct Page {
    pub feed: Feed,
}
#[derive(Deserialize, Clone, Debug)]
pub struct Feed {
    pub items: Vec<Post>,
}
#[derive(Deserialize, Clone, Debug)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    pub id: String,
    pub title: String,
    pub summary: Option<String>,
    pub created_at: String,
    pub views: i32,
    pub tags: Vec<String>,
    pub author: Person,
    pub comments: Vec<CommentParts>,
}
#[derive(Deserialize, Clone, Debug)]
pub struct Person {
    pub id: String,
    pub login: String,
    pub name: Option<String>,
    pub followers: i32,
}
#[derive(Deserialize, Clone, Debug)]
pub struct CommentParts {
    pub id: String,
    pub body: String,
    pub likes: i32,
    pub author: Person,
}
