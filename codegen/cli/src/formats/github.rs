//! Workflow commands of GitHub Actions.
//! Source: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use super::Finding;

pub fn line(finding: &Finding<'_>) -> String {
    let kind = match finding.severity() {
        "info" => "notice",
        other => other,
    };
    let mut properties = vec![format!("title={}", property(finding.diagnostic.code.name()))];
    if let Some((file, start, end)) = finding.place {
        properties.insert(0, format!("file={},line={},col={}", property(file), start.line, start.column));
        properties.insert(1, format!("endLine={},endColumn={}", end.line, end.column));
    }
    format!("::{kind} {}::{}\n", properties.join(","), data(&finding.full_message()))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
