//! `cargo xtask wording`: finds wordings that the project's English avoids, in comments, messages and documentation.

use anyhow::{Context, Result, bail};
use graphwright_fixtures::folder;
use std::process::Command;

/// Files in which a word is allowed, with the reason.
const EXCEPTIONS: [(&str, &str, &str); 1] = [("xtask/src/wording.rs", "", "lists the words themselves")];

/// A wording, and what to write instead.
struct Rule {
    /// Consecutive words, in lower case.
    words: &'static [&'static str],
    /// Words before it that make it acceptable.
    after: &'static [&'static str],
    /// Words after it that make it acceptable.
    before: &'static [&'static str],
    instead: &'static str,
}

const fn word(words: &'static [&'static str], instead: &'static str) -> Rule {
    Rule { words, after: &[], before: &[], instead }
}

const SUBJECT: &str = "the actual subject: the code, the caller, the user, the server or the operation";

const RULES: [Rule; 25] = [
    word(&["tell"], "report"),
    word(&["tells"], "reports"),
    word(&["told"], "reported"),
    word(&["telling"], "reporting"),
    word(&["nobody"], SUBJECT),
    word(&["somebody"], SUBJECT),
    word(&["everybody"], SUBJECT),
    word(&["whoever"], SUBJECT),
    word(&["mend"], "fix"),
    word(&["mends"], "fixes"),
    word(&["mended"], "fixed"),
    word(&["mending"], "fixing"),
    word(&["behind"], "after"),
    word(&["anew"], "again"),
    word(&["leafs"], "leaves"),
    word(&["stand"], "be or appear"),
    word(&["stands"], "is or appears"),
    word(&["standing"], "being"),
    Rule {
        words: &["is", "no"],
        after: &["there"],
        before: &["longer", "more", "less"],
        instead: "is not, unknown or invalid",
    },
    Rule {
        words: &["are", "no"],
        after: &["there"],
        before: &["longer", "more", "less"],
        instead: "are not, unknown or invalid",
    },
    Rule { words: &["is", "none"], after: &["there"], before: &[], instead: "is missing or invalid" },
    Rule { words: &["are", "none"], after: &["there"], before: &[], instead: "are missing or invalid" },
    word(&[",", "too", "."], "also"),
    word(&[",", "too", ";"], "also"),
    word(&[",", "too", ""], "also"),
];

/// Checks all files and prints each wording with its location.
pub fn run() -> Result<()> {
    let root = folder().join("..");
    let list = Command::new("git").args(["ls-files", "-z"]).current_dir(&root).output().context("cannot run git")?;
    let list = String::from_utf8(list.stdout)?;
    let mut count = 0;
    for path in list.split_terminator('\0') {
        let Some(language) = Language::of(path) else { continue };
        let text = std::fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))?;
        for (line, words, instead) in found(&text, language) {
            if !EXCEPTIONS.iter().any(|(file, word, _)| *file == path && (word.is_empty() || *word == words)) {
                println!("{path}:{line}: `{words}`; write {instead}");
                count += 1;
            }
        }
    }
    match count {
        0 => Ok(()),
        _ => bail!("wordings to replace: {count}"),
    }
}

/// The parts of a file that are prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    /// All text outside code.
    Markdown,
    /// Comments and strings.
    Rust,
    /// Comments: strings of tests are data.
    RustTest,
}

impl Language {
    fn of(path: &str) -> Option<Self> {
        let is_test = path.starts_with("tests/") || path.contains("/tests/");
        match path.rsplit_once('.')?.1 {
            "md" if path.starts_with("fixtures/") => None,
            "md" => Some(Self::Markdown),
            "yaml" if !is_test => Some(Self::Markdown),
            "rs" if is_test => Some(Self::RustTest),
            "rs" => Some(Self::Rust),
            _ => None,
        }
    }
}

/// Returns the line, the words and the replacement of each wording in a text.
fn found(text: &str, language: Language) -> Vec<(usize, String, &'static str)> {
    let tokens = tokens(&prose(text, language));
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let rest = &tokens[at..];
        let is_met = |rule: &&Rule| {
            let matches = rest.len() >= rule.words.len()
                && rule.words.iter().zip(rest).all(|(word, (_, token))| *word == token.as_str());
            let word = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |(_, token)| token.as_str());
            matches
                && !rule.after.contains(&word(at.checked_sub(1)))
                && !rule.before.contains(&word(Some(at + rule.words.len())))
        };
        if let Some(rule) = RULES.iter().find(is_met) {
            found.push((rest[0].0, rule.words.join(" ").trim_end().to_owned(), rule.instead));
        }
    }
    found
}

/// Returns the prose of a text line by line, in which everything else is blank. Code in backticks and in fences is not prose.
fn prose(text: &str, language: Language) -> Vec<String> {
    let lines: Vec<String> = match language {
        Language::Markdown => text.lines().map(str::to_owned).collect(),
        Language::Rust => rust_prose(text, true),
        Language::RustTest => rust_prose(text, false),
    };
    let mut is_code = false;
    let without_code = |line: String| {
        let is_fence = line.trim_start().trim_start_matches(['/', '!']).trim_start().starts_with("```");
        is_code ^= is_fence;
        if is_fence || is_code {
            return String::new();
        }
        line.split('`').enumerate().map(|(at, part)| if at % 2 == 0 { part } else { "x" }).collect()
    };
    lines.into_iter().map(without_code).collect()
}

/// Returns the comments, and on request the strings, of Rust code line by line.
fn rust_prose(text: &str, with_strings: bool) -> Vec<String> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        Code,
        Comment,
        /// A string with the number of hashes of a raw one.
        String(Option<usize>),
    }
    let characters: Vec<char> = text.chars().collect();
    let (mut state, mut at, mut out) = (State::Code, 0, String::new());
    while let Some(&character) = characters.get(at) {
        let next = characters.get(at + 1).copied();
        let mut length = 1;
        match state {
            State::Code if character == '/' && next == Some('/') => state = State::Comment,
            State::Code if character == '\'' && characters.get(at + 2) == Some(&'\'') => length = 3,
            State::Code if character == '\'' && next == Some('\\') => length = 3,
            State::Code if character == '"' => {
                let hashes = characters[..at].iter().rev().take_while(|one| **one == '#').count();
                let is_raw = at > hashes && characters[at - hashes - 1] == 'r';
                state = State::String(is_raw.then_some(hashes));
            }
            State::Comment if character == '\n' => state = State::Code,
            State::String(None) if character == '\\' => {
                // An escape separates words, but a continued line continues the sentence.
                out.push_str(if next == Some('\n') { "\n" } else { " " });
                at += 2;
                continue;
            }
            State::String(hashes) if character == '"' => {
                let closing = characters[at + 1..].iter().take_while(|one| **one == '#').count();
                if hashes.is_none_or(|hashes| closing >= hashes) {
                    state = State::Code;
                    out.push('\u{1}');
                }
            }
            State::Code | State::Comment | State::String(_) => {}
        }
        let is_prose = match state {
            State::Code => false,
            State::Comment => true,
            State::String(_) => with_strings,
        };
        for character in &characters[at..(at + length).min(characters.len())] {
            match character {
                '\n' => out.push('\n'),
                // Code separates pieces of prose.
                _ if !is_prose => out.push(if character.is_whitespace() { ' ' } else { '\u{1}' }),
                character => out.push(*character),
            }
        }
        at += length;
    }
    out.lines().map(str::to_owned).collect()
}

/// Splits prose into lower-case words and punctuation, each with its line; an empty token ends a piece of prose.
fn tokens(lines: &[String]) -> Vec<(usize, String)> {
    let mut tokens: Vec<(usize, String)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let number = at + 1;
        let mut rest = line.trim_start().trim_start_matches(['/', '!']);
        while let Some(first) = rest.chars().next() {
            let is_word = |one: char| one.is_alphanumeric() || matches!(one, '-' | '_' | '\'');
            let end = match first {
                // The placeholder of a value.
                '{' => rest.find('}').map_or(1, |end| end + 1),
                first if is_word(first) => rest.find(|one| !is_word(one)).unwrap_or(rest.len()),
                first => first.len_utf8(),
            };
            let (token, others) = rest.split_at(end);
            match first {
                '\u{1}' => tokens.push((number, String::new())),
                first if first.is_whitespace() => {}
                _ => tokens.push((number, token.to_lowercase())),
            }
            rest = others;
        }
        if line.trim().is_empty() {
            tokens.push((number, String::new()));
        }
    }
    tokens.push((lines.len(), String::new()));
    tokens
}

#[cfg(test)]
mod tests {
    use super::{Language, found};

    fn shown(text: &str, language: Language) -> Vec<String> {
        found(text, language).into_iter().map(|(line, words, instead)| format!("{line} {words}: {instead}")).collect()
    }

    #[test]
    fn planted_words_are_found_with_their_lines() {
        let code = "/// Tells the caller.\nfn tell() {\n    // This is no\n    // name, too.\n    bail!(\"`x` is no level\")\n}\n";
        assert_eq!(
            shown(code, Language::Rust),
            [
                "1 tells: reports",
                "3 is no: is not, unknown or invalid",
                "4 , too .: also",
                "5 is no: is not, unknown or invalid"
            ]
        );
        assert_eq!(shown(code, Language::RustTest).len(), 3);
        assert_eq!(shown("What nobody reads.", Language::Markdown).len(), 1);
    }

    #[test]
    fn code_and_the_usual_phrases_are_not_reported() {
        let text =
            "There is no file, it is no longer used, and too large. Names: `tell`, scalar-leafs.\n\n```\nnobody\n```\n";
        assert!(shown(text, Language::Markdown).is_empty());
        let code = "let told = r#\"a \"quoted\" text\"#; // the standard\nlet behind = '\"'; bail!(\"{told}\");\n/// ```\n/// let nobody = 1;\n/// ```\nfn mend() {}\n";
        assert!(shown(code, Language::Rust).is_empty());
    }
}
