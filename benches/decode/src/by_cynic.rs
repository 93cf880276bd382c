//! Handwritten types for cynic.
#![allow(dead_code)]
use cynic::{Id, InlineFragments, QueryFragment};

#[cynic::schema("bench")]
mod schema {}

#[derive(cynic::Enum, Clone, Debug, PartialEq)]
pub enum State {
    Open,
    Closed,
}

#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct Search {
    pub search: Vec<SearchItem>,
}
#[derive(InlineFragments, Clone, Debug)]
#[cynic(graphql_type = "SearchItem")]
pub enum SearchItem {
    User(User),
    Repository(Repository),
    Issue(Issue),
    Comment(Comment),
    #[cynic(fallback)]
    Other,
}
#[derive(QueryFragment, Clone, Debug)]
pub struct User {
    pub id: Id,
    pub login: String,
    #[cynic(alias, rename = "name")]
    pub display: Option<String>,
    pub followers: i32,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "User")]
pub struct Login {
    pub login: String,
}
#[derive(QueryFragment, Clone, Debug)]
pub struct Repository {
    pub id: Id,
    pub name: String,
    pub description: Option<String>,
    pub stars: i32,
    pub private: bool,
    pub owner: Login,
}
#[derive(QueryFragment, Clone, Debug)]
pub struct Issue {
    pub id: Id,
    pub number: i32,
    pub title: String,
    pub state: State,
    #[cynic(alias, rename = "author")]
    pub reporter: Option<Login>,
    pub labels: Vec<String>,
}
#[derive(QueryFragment, Clone, Debug)]
pub struct Comment {
    pub id: Id,
    pub body: String,
    pub author: Login,
    pub likes: i32,
}

#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct Nodes {
    pub nodes: Vec<Node>,
}
#[derive(InlineFragments, Clone, Debug)]
#[cynic(graphql_type = "Node")]
pub enum Node {
    Issue(NodeIssue),
    PullRequest(NodePullRequest),
    Discussion(NodeDiscussion),
    #[cynic(fallback)]
    Other(Common),
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Node")]
pub struct Common {
    pub id: Id,
    pub created_at: String,
    pub title: String,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Issue")]
pub struct NodeIssue {
    pub id: Id,
    pub created_at: String,
    pub title: String,
    pub number: i32,
    pub state: State,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "PullRequest")]
pub struct NodePullRequest {
    pub id: Id,
    pub created_at: String,
    pub title: String,
    pub number: i32,
    pub merged: bool,
    pub additions: i32,
    pub deletions: i32,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Discussion")]
pub struct NodeDiscussion {
    pub id: Id,
    pub created_at: String,
    pub title: String,
    pub answered: bool,
    pub upvotes: Option<i32>,
}

#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct Customers {
    pub customers: Vec<Customer>,
}
#[derive(QueryFragment, Clone, Debug)]
pub struct Customer {
    pub id: Id,
    pub name: String,
    pub external_id: Option<String>,
    pub description: Option<String>,
    pub created_at: String,
    pub active: bool,
    pub score: f64,
    pub labels: Vec<String>,
    pub address: Option<Address>,
}
#[derive(QueryFragment, Clone, Debug)]
pub struct Address {
    pub street: String,
    pub city: String,
    pub zip: Option<String>,
}

#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Query")]
pub struct Page {
    pub feed: Feed,
}
#[derive(QueryFragment, Clone, Debug)]
pub struct Feed {
    pub items: Vec<Post>,
}
#[derive(QueryFragment, Clone, Debug)]
pub struct Post {
    #[cynic(spread)]
    pub card: Card,
    #[cynic(spread)]
    pub meta: Meta,
    pub author: Author,
    pub comments: Vec<PostComment>,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Post")]
pub struct Card {
    pub id: Id,
    pub title: String,
    pub summary: Option<String>,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Post")]
pub struct Meta {
    pub created_at: String,
    pub views: i32,
    pub tags: Vec<String>,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "User")]
pub struct Author {
    #[cynic(spread)]
    pub person: Person,
    #[cynic(spread)]
    pub profile: Profile,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "User")]
pub struct Person {
    pub id: Id,
    pub login: String,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "User")]
pub struct Profile {
    pub name: Option<String>,
    pub followers: i32,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Comment")]
pub struct PostComment {
    #[cynic(spread)]
    pub text: CommentText,
    #[cynic(spread)]
    pub social: CommentSocial,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Comment")]
pub struct CommentText {
    pub id: Id,
    pub body: String,
}
#[derive(QueryFragment, Clone, Debug)]
#[cynic(graphql_type = "Comment")]
pub struct CommentSocial {
    pub likes: i32,
    pub author: Author,
}
