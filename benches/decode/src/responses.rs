//! Responses of about 1 MB, from a seed.

use serde_json::{Value, json};

/// The kind of texts.
#[derive(Clone, Copy)]
pub enum Texts {
    /// One word of ASCII.
    Short,
    /// 12 to 32 words, of which few have escapes or more than ASCII.
    Long,
    /// A few words in German or Japanese: most have characters of two or three bytes.
    Foreign,
}

const GERMAN: [&str; 8] = ["Größe", "für", "Übergabe", "möglich", "Straße", "der", "Schlüssel", "verfügbar"];
const JAPANESE: [&str; 6] = ["注文", "お客様", "配送状況", "サポート", "東京都", "ありがとう"];

/// The order of the keys of an object.
#[derive(Clone, Copy)]
pub enum Order {
    /// That of the selections.
    Selected,
    /// That of the alphabet.
    Alphabetical,
}

/// The keys of each operation, in an order that agrees with that of each of its selection sets.
pub const SEARCH: &[&str] = &[
    "__typename", "id", "login", "display", "followers", "name", "description", "stars", "private", "owner", "number", "title",
    "state", "reporter", "labels", "body", "author", "likes",
];
pub const NODES: &[&str] = &[
    "__typename", "id", "createdAt", "title", "number", "state", "merged", "additions", "deletions", "answered", "upvotes",
];
pub const CUSTOMERS: &[&str] = &[
    "id", "name", "externalId", "description", "createdAt", "active", "score", "labels", "address", "street", "city", "zip",
];
pub const PAGE: &[&str] = &[
    "id", "title", "summary", "createdAt", "views", "tags", "body", "likes", "author", "comments", "login", "name", "followers",
];

impl Order {
    /// Returns data as text.
    pub fn text(self, data: &Value, selected: &[&str]) -> String {
        match (self, data) {
            (Self::Alphabetical, data) => data.to_string(),
            (Self::Selected, Value::Object(object)) => {
                let mut keys: Vec<&String> = object.keys().collect();
                keys.sort_by_key(|key| selected.iter().position(|known| known == key));
                let entries = keys.into_iter().map(|key| format!("\"{key}\":{}", self.text(&object[key], selected)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
            (Self::Selected, Value::Array(items)) => {
                format!("[{}]", items.iter().map(|item| self.text(item, selected)).collect::<Vec<_>>().join(","))
            }
            (Self::Selected, leaf) => leaf.to_string(),
        }
    }
}

pub struct Maker {
    dice: u64,
    texts: Texts,
}

const SIZE: usize = 1 << 20;

impl Maker {
    pub fn new(texts: Texts) -> Self {
        Self { dice: 0x9e37_79b9_7f4a_7c15, texts }
    }

    fn below(&mut self, end: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % end
    }

    fn word(&mut self) -> String {
        let length = 4 + self.below(8) as usize;
        (0..length).map(|_| char::from(b'a' + self.below(26) as u8)).collect()
    }

    fn text(&mut self) -> String {
        let words = match self.texts {
            Texts::Short => 1,
            Texts::Long => 12 + self.below(20),
            Texts::Foreign => return self.foreign(),
        };
        let mut words: Vec<String> = (0..words).map(|_| self.word()).collect();
        if words.len() > 1 && self.below(4) == 0 {
            words.push("\"quoted\"\nüber".to_owned());
        }
        words.join(" ")
    }

    fn foreign(&mut self) -> String {
        let (words, space): (&[&str], _) = if self.below(2) == 0 { (&GERMAN, " ") } else { (&JAPANESE, "") };
        let count = 2 + self.below(6);
        let words: Vec<&str> = (0..count).map(|_| words[self.below(words.len() as u64) as usize]).collect();
        words.join(space)
    }

    fn maybe(&mut self, value: Value) -> Value {
        if self.below(4) == 0 { Value::Null } else { value }
    }

    fn id(&mut self) -> String {
        format!("SW5zdGFuY2U6{:016x}", self.below(u64::MAX))
    }

    fn number(&mut self) -> u64 {
        self.below(100_000)
    }

    fn words(&mut self) -> Vec<String> {
        (0..self.below(4)).map(|_| self.word()).collect()
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Value) -> Value {
        let (mut items, mut size) = (Vec::new(), 0);
        while size < SIZE {
            let item = item(self);
            size += item.to_string().len() + 1;
            items.push(item);
        }
        Value::Array(items)
    }

    pub fn search(mut self) -> Value {
        let items = self.list(|make| match make.below(4) {
            0 => {
                let name = make.text();
                let name = make.maybe(json!(name));
                json!({"__typename": "User", "id": make.id(), "login": make.word(), "display": name, "followers": make.number()})
            }
            1 => {
                let description = make.text();
                let description = make.maybe(json!(description));
                json!({"__typename": "Repository", "id": make.id(), "name": make.word(), "description": description, "stars": make.number(), "private": make.below(2) == 0, "owner": {"login": make.word()}})
            }
            2 => json!({"__typename": "Issue", "id": make.id(), "number": make.number(), "title": make.text(), "state": (["OPEN", "CLOSED"][make.below(2) as usize]), "reporter": {"login": make.word()}, "labels": make.words()}),
            _ => json!({"__typename": "Comment", "id": make.id(), "body": make.text(), "author": {"login": make.word()}, "likes": make.number()}),
        });
        json!({ "search": items })
    }

    pub fn nodes(mut self) -> Value {
        let items = self.list(|make| {
            let (id, title) = (make.id(), make.text());
            let at = "2026-01-02T03:04:05.678Z";
            match make.below(3) {
                0 => json!({"__typename": "Issue", "id": id, "createdAt": at, "title": title, "number": make.number(), "state": "OPEN"}),
                1 => json!({"__typename": "PullRequest", "id": id, "createdAt": at, "title": title, "number": make.number(), "merged": true, "additions": make.number(), "deletions": make.number()}),
                _ => json!({"__typename": "Discussion", "id": id, "createdAt": at, "title": title, "answered": false, "upvotes": make.number()}),
            }
        });
        json!({ "nodes": items })
    }

    pub fn customers(mut self) -> Value {
        let items = self.list(|make| {
            let (description, external) = (make.text(), make.word());
            let (description, external) = (make.maybe(json!(description)), make.maybe(json!(external)));
            let address = json!({"street": make.text(), "city": make.word(), "zip": make.word()});
            let address = make.maybe(address);
            json!({"id": make.id(), "name": make.text(), "externalId": external, "description": description, "createdAt": "2026-01-02T03:04:05.678Z", "active": true, "score": make.number() as f64 / 7.0, "labels": make.words(), "address": address})
        });
        json!({ "customers": items })
    }

    fn person(&mut self) -> Value {
        let name = self.text();
        json!({"id": self.id(), "login": self.word(), "name": self.maybe(json!(name)), "followers": self.number()})
    }

    pub fn page(mut self) -> Value {
        let items = self.list(|make| {
            let comments: Vec<Value> = (0..make.below(5))
                .map(|_| json!({"id": make.id(), "body": make.text(), "likes": make.number(), "author": make.person()}))
                .collect();
            json!({"id": make.id(), "title": make.text(), "summary": make.text(), "createdAt": "2026-01-02T03:04:05.678Z", "views": make.number(), "tags": make.words(), "author": make.person(), "comments": comments})
        });
        json!({ "feed": { "items": items } })
    }
}
