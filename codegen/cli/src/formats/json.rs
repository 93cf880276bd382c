//! JSON, with all data of a diagnostic.

use super::{Describe, Finding};
use serde_json::{Value, json};

pub fn document(findings: &[Finding<'_>], describe: Describe<'_>) -> String {
    let all: Vec<Value> = findings.iter().map(|finding| value(finding, describe)).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

pub fn lines(findings: &[Finding<'_>], describe: Describe<'_>) -> String {
    findings.iter().map(|finding| format!("{}\n", value(finding, describe))).collect()
}

fn value(finding: &Finding<'_>, describe: Describe<'_>) -> Value {
    let one = finding.diagnostic;
    let place = finding.place.map(|(file, start, end)| {
        let span = one.primary.as_ref().map(|label| label.span);
        json!({
            "file": file,
            "start": { "line": start.line, "column": start.column, "offset": span.map(|span| span.start) },
            "end": { "line": end.line, "column": end.column, "offset": span.map(|span| span.end) },
        })
    });
    json!({
        "rule": one.code,
        "severity": finding.severity(),
        "message": one.message,
        "place": place,
        "note": one.note,
        "help": one.help,
        "fix": one.fix.as_ref().map(|fix| json!({ "title": fix.title, "safety": finding.fixable() })),
        "url": describe(one.code.name()).map(|about| about.url),
        "fingerprint": finding.fingerprint,
    })
}
