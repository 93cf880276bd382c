//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use super::{Describe, Finding};
use crate::diagnostic::{Code, Diagnostics, Fix, Label};
use crate::source::{Sources, Span};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub fn document(findings: &[Finding<'_>], diagnostics: &Diagnostics, describe: Describe<'_>) -> String {
    let codes: BTreeSet<Code> = findings.iter().map(|finding| finding.diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let rules: Vec<Value> = codes
        .iter()
        .map(|code| match describe(code.name()) {
            Some(about) => json!({
                "id": code,
                "shortDescription": { "text": about.what },
                "fullDescription": { "text": about.why },
                "help": {
                    "text": format!("{}\n\n{}\n\n{}", about.what, about.why, about.url),
                    "markdown": format!("{}\n\n{}\n\n[{code}]({})", about.what, about.why, about.url),
                },
                "helpUri": about.url,
            }),
            None => json!({
                "id": code,
                "shortDescription": { "text": code },
                "help": { "text": "See the message of the result." },
            }),
        })
        .collect();
    let results: Vec<Value> = findings.iter().map(|finding| result(finding, &diagnostics.sources, &codes)).collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "graphwright",
                "informationUri": "https://github.com/graphwright/graphwright",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            // Separates these results from those of other tools for the same commit.
            "automationDetails": { "id": "graphwright/" },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn result(finding: &Finding<'_>, sources: &Sources, codes: &[Code]) -> Value {
    let one = finding.diagnostic;
    let level = match finding.severity() {
        "info" => "note",
        other => other,
    };
    let mut result = json!({
        "ruleId": one.code,
        "ruleIndex": codes.iter().position(|code| *code == one.code),
        "level": level,
        "message": { "text": finding.full_message() },
        "partialFingerprints": { "graphwright/v1": finding.fingerprint },
    });
    if let Some(label) = &one.primary {
        result["locations"] = json!([location(sources, label)]);
    }
    if !one.secondary.is_empty() {
        result["relatedLocations"] = one.secondary.iter().map(|label| location(sources, label)).collect();
    }
    if let Some(fix) = &one.fix {
        result["fixes"] = json!([change(sources, fix)]);
    }
    result
}

fn location(sources: &Sources, label: &Label) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(sources.name(label.span.source)) },
            "region": region(sources, label.span),
        },
    });
    if !label.text.is_empty() {
        location["message"] = json!({ "text": label.text });
    }
    location
}

fn region(sources: &Sources, span: Span) -> Value {
    let (start, end) = (sources.position(span), sources.position(Span { start: span.end, ..span }));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    })
}

fn change(sources: &Sources, fix: &Fix) -> Value {
    let mut files: Vec<(&str, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let file = sources.name(edit.span.source);
        let new = json!({
            "deletedRegion": region(sources, edit.span),
            "insertedContent": { "text": edit.text },
        });
        match files.iter_mut().find(|(known, _)| *known == file) {
            Some((_, list)) => list.push(new),
            None => files.push((file, vec![new])),
        }
    }
    let changes: Vec<Value> = (files.into_iter())
        .map(|(file, replacements)| json!({ "artifactLocation": { "uri": uri(file) }, "replacements": replacements }))
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}

/// Returns a path as a relative URI (RFC 3986, section 3.3).
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    path.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
