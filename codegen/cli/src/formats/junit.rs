//! JUnit XML: a suite for each file, a failed case for each finding.

use super::Finding;
use super::checkstyle::{attribute, by_file};

pub fn document(findings: &[Finding<'_>]) -> String {
    let failures = findings.iter().filter(|finding| finding.severity() == "error").count();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"graphwright\" tests=\"{}\" failures=\"{failures}\">\n",
        findings.len()
    );
    for (file, findings) in by_file(findings) {
        let failures = findings.iter().filter(|finding| finding.severity() == "error").count();
        let (file, count) = (attribute(file), findings.len());
        text += &format!("  <testsuite name=\"{file}\" tests=\"{count}\" failures=\"{failures}\">\n");
        for finding in findings {
            let line = finding.place.map_or(0, |(_, start, _)| start.line);
            let (code, message) = (attribute(finding.diagnostic.code.name()), attribute(&finding.full_message()));
            text += &format!("    <testcase name=\"{code}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\">\n");
            // Only errors are failures.
            text += &match finding.severity() {
                "error" => format!("      <failure message=\"{message}\" type=\"error\">{file}:{line}</failure>\n"),
                other => format!("      <system-out>{other}: {message}</system-out>\n"),
            };
            text += "    </testcase>\n";
        }
        text += "  </testsuite>\n";
    }
    text + "</testsuites>\n"
}
