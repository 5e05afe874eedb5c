//! What spreadsheets show where a formula leads to no value: `#REF!`, in German `#BEZUG!`, in Spanish `#¡REF!`.

/// Longest of them, in characters: `#DESBORDAMIENTO!`, `#GETTING_DATA`.
const MAX_CHARS: usize = 20;

/// Those without a mark behind them, in capitals: "not available" in six languages, and what is still being asked for.
const UNMARKED: [&str; 7] = [
    "#N/A",
    "#N/D",
    "#N/DISP",
    "#NV",
    "#N.V.",
    "#ND",
    "#GETTING_DATA",
];

/// Fewest signs of a number that its column was too narrow for.
const MIN_SIGNS: usize = 3;

/// Whether a text is what a spreadsheet shows instead of a value.
pub(super) fn is_error(text: &str) -> bool {
    if let Some(code) = text.strip_prefix("Err:") {
        return code.len() == 3 && code.bytes().all(|c| c.is_ascii_digit());
    }
    let Some(said) = text.strip_prefix('#') else {
        return false;
    };
    if text.chars().count() > MAX_CHARS {
        return text.chars().all(|c| c == '#');
    }
    let upper = text.to_uppercase();
    if UNMARKED.contains(&upper.as_str())
        || (text.len() >= MIN_SIGNS && text.chars().all(|c| c == '#'))
    {
        return true;
    }
    let said = said.trim_start_matches(['¡', '¿']);
    let Some(word) = said.strip_suffix(['!', '?']) else {
        return false;
    };
    let spelled = |c: char| c.is_uppercase() || c == '/' || c == '_' || c == '0' || c == ' ';
    word.starts_with(char::is_alphabetic) && word.to_uppercase().chars().all(spelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_spreadsheets_are_none_of_a_lists_texts_in_any_language() {
        for error in [
            "#REF!",
            "#N/A",
            "#NAME?",
            "#VALUE!",
            "#DIV/0!",
            "#NUM!",
            "#NULL!",
            "#SPILL!",
            "#CALC!",
            "#GETTING_DATA",
            "#ERROR!",
            "#BEZUG!",
            "#NV",
            "#WERT!",
            "#ZAHL!",
            "#ÜBERLAUF!",
            "#VALEUR!",
            "#NOM?",
            "#NOMBRE!",
            "#NUL!",
            "#¡REF!",
            "#¿NOMBRE?",
            "#¡VALOR!",
            "#¡DIV/0!",
            "#RIF!",
            "#VALORE!",
            "#NOME?",
            "#N/D",
            "#NÚM!",
            "#VALOR!",
            "#N/DISP",
            "Err:502",
            "Err:504",
            "#ref!",
            "###",
            "##########################",
        ] {
            assert!(is_error(error), "{error}");
        }
        for text in [
            "#4711",
            "#A-17",
            "#NV-17",
            "#",
            "#1!",
            "Ann!",
            "REF!",
            "#Team Rossi",
            "Err:",
            "Err: 502 rooms",
            "##",
            "N/A",
        ] {
            assert!(!is_error(text), "{text}");
        }
    }
}
