//! Checkstyle XML.

use super::Finding;

pub fn document(findings: &[Finding<'_>]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n".to_owned();
    for (file, findings) in by_file(findings) {
        text += &format!("  <file name=\"{}\">\n", attribute(file));
        for finding in findings {
            let (line, column) = finding.place.map_or((1, 1), |(_, start, _)| (start.line, start.column));
            let (severity, message) = (finding.severity(), attribute(&finding.full_message()));
            let source = attribute(finding.diagnostic.code.name());
            text += &format!(
                "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{message}\" \
                 source=\"graphwright.{source}\"/>\n"
            );
        }
        text += "  </file>\n";
    }
    text + "</checkstyle>\n"
}

/// Groups findings by file, keeping their order.
pub fn by_file<'f, 'd>(findings: &'f [Finding<'d>]) -> Vec<(&'d str, Vec<&'f Finding<'d>>)> {
    let mut files: Vec<(&str, Vec<&Finding<'_>>)> = Vec::new();
    for finding in findings {
        let file = finding.place.map_or(".", |(file, ..)| file);
        match files.last_mut() {
            Some((last, list)) if *last == file => list.push(finding),
            _ => files.push((file, vec![finding])),
        }
    }
    files
}

/// Escapes a text for an attribute value, without characters that XML 1.0 does not allow.
pub fn attribute(text: &str) -> String {
    let allowed: String =
        text.chars().filter(|next| !next.is_control() || matches!(next, '\n' | '\t' | '\r')).collect();
    quick_xml::escape::escape(&allowed).replace('\n', "&#10;")
}
