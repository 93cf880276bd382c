//! GitLab's Code Quality report.
//! Source: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::Finding;
use serde_json::{Value, json};

pub fn document(findings: &[Finding<'_>]) -> String {
    let one = |finding: &Finding<'_>| {
        // The format requires a location for every finding.
        let (file, line) = finding.place.map_or((".", 1), |(file, start, _)| (file, start.line));
        let severity = match finding.severity() {
            "error" => "major",
            "warning" => "minor",
            _ => "info",
        };
        json!({
            "description": finding.full_message(),
            "check_name": finding.diagnostic.code,
            "fingerprint": finding.fingerprint,
            "severity": severity,
            "location": { "path": file, "lines": { "begin": line } },
        })
    };
    let all: Vec<Value> = findings.iter().map(one).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}
