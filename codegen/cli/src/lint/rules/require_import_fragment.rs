//! `require-import-fragment`

use super::prelude::*;
use std::path::Path;

pub const ENTRY: Entry = entry::<RequireImportFragment>(Meta {
    fixable: Fixable::Safe,
    known_as: &["graphql-eslint"],
    what: "Finds spreads of fragments from other files that no `#import` line names.",
    why: "Tools that resolve `#import` would send a document without the fragment. Only for projects that use such tools.",
    ..meta!("require-import-fragment", Category::Restriction, Reads::Documents)
});

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct RequireImportFragment {}

impl Rule for RequireImportFragment {
    fn spread<'a>(&self, cx: &Cx<'a>, spread: &'a Node<FragmentSpread>, _: &Place<'a>) {
        let name = &spread.fragment_name;
        // Fragments of the same file take precedence.
        let target = cx.documents.resolve(spread).ok().map(|id| cx.documents.fragment(id).file);
        if target == Some(cx.file) {
            return;
        }
        let here = Path::new(cx.path()).parent().unwrap_or(Path::new(""));
        let imports = imports(cx.text());
        // An import names the fragment, or a file that defines it.
        let defines = |path: &str| {
            let wanted = crate::files::way(Path::new("."), &here.join(path));
            cx.documents.fragments().any(|(_, fragment)| {
                let file = Path::new(&cx.documents.file(fragment.file).path);
                fragment.definition.name == *name && crate::files::way(Path::new("."), file) == wanted
            })
        };
        if imports.iter().any(|(names, path)| (names.is_empty() || names.contains(&name.as_str())) && defines(path)) {
            return;
        }
        let finding = cx.finding(cx.name(name), format!("the fragment `{name}` is not imported"));
        let fix = target.map(|target| {
            let way = crate::files::way(here, Path::new(&cx.documents.file(target).path))
                .to_string_lossy()
                .replace('\\', "/");
            let way = if way.starts_with('.') { way } else { format!("./{way}") };
            let text = cx.text();
            let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
            let line = format!("#import {name} from \"{way}\"{end}");
            let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
            Fix::new(Safety::Safe, format!("import it from {way}"), cx.span(at..at), line)
        });
        cx.say(finding.fix(fix));
    }
}

/// Returns the `#import` lines: the imported names, if any, and the path.
fn imports(text: &str) -> Vec<(Vec<&str>, &str)> {
    let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix('#'));
    let imports = lines.filter_map(|line| line.trim_start().strip_prefix("import"));
    let import = |rest: &'_ str| -> Option<(usize, usize)> {
        let start = rest.find(['"', '\''])?;
        let end = start + 1 + rest[start + 1..].find(['"', '\''])?;
        Some((start, end))
    };
    imports
        .filter_map(|rest| {
            let (start, end) = import(rest)?;
            let names = rest[..start].trim().trim_end_matches("from").trim();
            let names = names.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty()).collect();
            Some((names, &rest[start + 1..end]))
        })
        .collect()
}
