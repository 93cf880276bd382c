//! Descriptions as documentation comments.

use proc_macro2::TokenStream;
use quote::quote;

/// A description as `#[doc]` lines. Code in it never becomes a documentation test: fences get
/// a language, and lines are indented by less than four spaces.
pub fn docs(description: Option<&str>) -> TokenStream {
    let Some(description) = description else { return TokenStream::new() };
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in description.trim().lines() {
        let line = line.replace('\t', " ");
        let content = line.trim();
        let indent = line.len() - line.trim_start().len();
        let fence = content.starts_with("```") || content.starts_with("~~~");
        let opens_bare = fence && !fenced && content.trim_start_matches(['`', '~']).is_empty();
        if fence {
            fenced = !fenced;
        }
        let suffix = if opens_bare { "text" } else { "" };
        let indent = if fenced && !fence { indent } else { indent.min(3) };
        let line = format!(" {}{content}{suffix}", " ".repeat(indent));
        lines.push(clean(line.trim_end()));
    }
    if fenced {
        lines.push(" ```".to_owned());
    }
    quote!(#(#[doc = #lines])*)
}

/// Why an item should not be used any more, as an attribute.
pub fn deprecated(reason: Option<&str>) -> TokenStream {
    match reason {
        Some(reason) => {
            let reason = clean(reason);
            quote!(#[deprecated(note = #reason)])
        }
        None => TokenStream::new(),
    }
}

/// Without characters that change how the surrounding text reads.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|character| {
            !matches!(character, '\r' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                && (*character == '\n' || !character.is_control())
        })
        .collect()
}
