//! Positions in a text, for errors.

use super::{Failed, Reader};
use std::fmt::Write;

/// A position in a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The keys and indexes that lead to the value there, as in `data.nodes[2].id`.
    pub path: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The column in bytes, counted from 1.
    pub column: usize,
}

impl Place {
    /// Returns the place of a position in a text that is valid JSON.
    pub fn of(text: &str, position: usize) -> Self {
        let before = text.get(..position).unwrap_or(text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1;
        let mut path = String::new();
        // What leads to the position is found by going there again, past everything that ends before it.
        let mut reader = Reader::new(text, usize::MAX);
        while step(&mut reader, position, &mut path).unwrap_or(false) {}
        Self { path, line, column }
    }
}

/// Goes to the value inside the next one that has a position, and adds its key or index. Returns false if no value is there.
fn step(reader: &mut Reader<'_>, position: usize, path: &mut String) -> Result<bool, Failed> {
    let (list, mut index) = match reader.peek() {
        b'[' => (true, 0),
        b'{' => (false, 0),
        _ => return Ok(false),
    };
    reader.at += 1;
    while reader.peek() != if list { b']' } else { b'}' } {
        let key = match list {
            true => None,
            false => {
                let key = reader.string("a key", str::to_owned)?;
                reader.take(b':', "`:`")?;
                Some(key)
            }
        };
        reader.peek();
        let value = reader.at;
        if value > position {
            return Ok(false);
        }
        reader.skip()?;
        if reader.at > position {
            reader.at = value;
            match key {
                Some(key) if path.is_empty() => path.push_str(&key),
                // Writing to a string cannot fail.
                Some(key) => drop(write!(path, ".{key}")),
                None => drop(write!(path, "[{index}]")),
            }
            return Ok(true);
        }
        index += 1;
        if reader.peek() == b',' {
            reader.at += 1;
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_way_to_the_value_at_a_position() {
        let text = "{\"data\": {\"a\": [],\n \"nodes\": [{\"id\": 1}, {\"id\": \"x\"}]}}";
        let place = |of: &str| Place::of(text, text.find(of).expect("it is there"));
        assert_eq!(place("\"x\""), Place { path: "data.nodes[1].id".to_owned(), line: 2, column: 30 });
        assert_eq!(place("{\"id\": 1"), Place { path: "data.nodes[0]".to_owned(), line: 2, column: 12 });
        assert_eq!(place("[]").path, "data.a");
        assert_eq!(Place::of(text, 0).path, "");
        assert_eq!(Place::of(text, 9).path, "data");
    }

    #[test]
    fn a_long_text_takes_one_walk() {
        let text = format!("[{}1]", "0,".repeat(100_000));
        assert_eq!(Place::of(&text, text.len() - 2).path, "[100000]");
        let deep = format!("{}1{}", "[".repeat(1000), "]".repeat(1000));
        assert_eq!(Place::of(&deep, 1000).path.len(), 3000);
    }
}
