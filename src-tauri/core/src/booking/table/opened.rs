//! What was found on the way to a list's lines, so that it can be shown, and said otherwise.

/// What was found on the way to a list's lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenedFile {
    /// The sheets, in their order; none: it is a file of text.
    pub sheets: Vec<SheetName>,
    /// The sheet that was read.
    pub sheet: Option<String>,
    /// The encoding that its text was read in, one of [`super::ENCODINGS`]; `None`: it is a spreadsheet.
    pub encoding: Option<&'static str>,
    /// What stands between two cells; `None`: it is a spreadsheet.
    pub separator: Option<char>,
    /// Lines that the spreadsheet does not show.
    pub hidden_rows: usize,
    /// Whether those were read as well.
    pub with_hidden_rows: bool,
    /// Whether there are more columns than are looked at.
    pub cut_columns: bool,
}

/// A sheet of a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetName {
    /// As its tab says.
    pub name: String,
    /// Whether the spreadsheet does not show it.
    pub hidden: bool,
}
