//! A list for the clipboard: an HTML table, of which a spreadsheet takes identifiers as text, and beside it the
//! same as lines with tabs.

use esim_watch_core::catalogue::Locale;

use super::{Cell, words};

/// What goes into the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipboardTable {
    /// For programs that take tables.
    pub html: String,
    /// For all others.
    pub text: String,
}

/// Excel's mark for a cell that is text, whatever it looks like.
const TEXT_STYLE: &str = r#" style="mso-number-format:'\@'""#;

/// Rows below their headings, for a spreadsheet of the same language.
#[must_use]
pub fn table(headings: &[String], rows: &[Vec<Cell>], locale: &Locale) -> ClipboardTable {
    let decimal_mark = locale.decimal_mark();
    let mut html = String::from("<table><thead><tr>");
    for heading in headings {
        html += &format!("<th>{}</th>", escaped(heading));
    }
    html += "</tr></thead><tbody>\n";
    let mut text = line(headings.iter().map(String::as_str));
    for row in rows {
        let words: Vec<String> = row
            .iter()
            .map(|cell| words(cell, locale, decimal_mark))
            .collect();
        html += "<tr>";
        for (cell, words) in row.iter().zip(&words) {
            let style = if matches!(cell, Cell::Text(_)) {
                TEXT_STYLE
            } else {
                ""
            };
            html += &format!("<td{style}>{}</td>", escaped(words));
        }
        html += "</tr>\n";
        text += &line(words.iter().map(String::as_str));
    }
    html += "</tbody></table>";
    ClipboardTable { html, text }
}

/// One line, of which each cell is one cell: without tabs and line ends of its own.
fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells
        .map(|cell| cell.replace(['\t', '\r', '\n'], " "))
        .collect();
    cells.join("\t") + "\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
