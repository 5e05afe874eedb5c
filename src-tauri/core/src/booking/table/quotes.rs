//! Lines and cells of a text. A quote opens a cell only if another one closes it: what a person begins with a quote and
//! never ends must not swallow the lines below, as it does for a reader that keeps to RFC 4180.

/// How far a quote is looked for that closes one, in bytes.
const MAX_QUOTED_BYTES: usize = 64 * 1024;

/// Calls `each` with the number of every line and its cells, until it answers false. Lines are counted from 1.
pub(super) fn records(
    text: &str,
    separator: char,
    mut each: impl FnMut(usize, Vec<String>) -> bool,
) {
    let mut rest = text;
    let mut line = 1;
    let first = text.lines().find(|line| !line.trim().is_empty());
    let usual = first.map_or(0, |line| line.matches(separator).count());
    while !rest.is_empty() {
        let begins = line;
        let mut cells = Vec::new();
        loop {
            let (cell, after) = match quoted(rest, separator, usual) {
                Some(found) => found,
                None => plain(rest, separator),
            };
            let read = rest.get(..rest.len() - after.len()).unwrap_or_default();
            line += breaks(read);
            cells.push(cell);
            match after.strip_prefix(separator) {
                Some(next) => rest = next,
                None => {
                    rest = after;
                    break;
                }
            }
        }
        if let Some(next) = rest
            .strip_prefix("\r\n")
            .or(rest.strip_prefix(['\r', '\n']))
        {
            rest = next;
            line += 1;
        }
        if !each(begins, cells) {
            return;
        }
    }
}

/// How many lines end in a text.
fn breaks(text: &str) -> usize {
    let both = text.matches("\r\n").count();
    text.matches(['\r', '\n']).count() - both
}

fn plain(rest: &str, separator: char) -> (String, &str) {
    let end = rest.find([separator, '\r', '\n']).unwrap_or(rest.len());
    let (cell, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
    (cell.to_owned(), after)
}

/// The cell that a quote opens and another one closes, and what stands behind it.
fn quoted(rest: &str, separator: char, usual: usize) -> Option<(String, &str)> {
    let mut cell = String::new();
    let mut inside = rest.strip_prefix('"')?;
    loop {
        let (said, after) = inside.split_once('"')?;
        cell.push_str(said);
        if cell.len() > MAX_QUOTED_BYTES {
            return None;
        }
        if let Some(more) = after.strip_prefix('"') {
            cell.push('"');
            inside = more;
            continue;
        }
        let closes = after.is_empty() || after.starts_with([separator, '\r', '\n']);
        // A line of its own inside of a cell is a line that was swallowed.
        let least = usual.max(if separator == '\t' { 1 } else { 2 });
        let mut below = cell.split(['\r', '\n']).skip(1);
        let swallows = below.any(|line| line.matches(separator).count() >= least);
        return (closes && !swallows).then_some((cell, after));
    }
}

/// The lines of a text without the quotes around each whole line, as programs write a list into a list of one column; `None`:
/// they have none. `separators`: what may stand between the cells of a line.
pub(super) fn whole_lines(text: &str, separators: &[char]) -> Option<String> {
    let bare = |line: &str| {
        let inside = line.trim_end().strip_prefix('"')?.strip_suffix('"')?;
        let single = inside.replace("\"\"", "");
        (!single.contains('"')).then(|| inside.replace("\"\"", "\""))
    };
    let mut whole = String::with_capacity(text.len());
    let mut parted: Option<Vec<char>> = None;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            whole.push_str(line);
            continue;
        }
        let inside = bare(line)?;
        // What parts the cells of one line parts those of all.
        let parts = |mark: &char| *mark != ' ' && inside.contains(*mark);
        match &mut parted {
            None => parted = Some(separators.iter().copied().filter(parts).collect()),
            Some(marks) => marks.retain(parts),
        }
        whole.push_str(&inside);
        whole.push('\n');
    }
    parted.filter(|marks| !marks.is_empty()).map(|_| whole)
}
