//! Which encoding a text is in. Files of tables say nothing of it: what old spreadsheet programs write is guessed by
//! chardetng, which knows what web pages use, and by what the letters look like in the encodings that it does not know.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

/// The encodings that a list can be said to be in.
pub const ENCODINGS: &[&str] = &[
    "UTF-8",
    "windows-1252",
    "macintosh",
    DOS,
    CENTRAL_DOS,
    "windows-1250",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "windows-1257",
    "UTF-16LE",
    "UTF-16BE",
    "Shift_JIS",
    "GBK",
    "Big5",
    "EUC-KR",
];

/// Code page 850, of DOS and of exports of older systems, which no web page was in.
const DOS: &str = "IBM850";

/// Code page 852, which is that of Central Europe.
const CENTRAL_DOS: &str = "IBM852";

/// How much of a text is looked at for a guess.
const SAMPLE_BYTES: usize = 256 * 1024;

/// The text, and what it was read as; `None`: it is none. `asked`: one of [`ENCODINGS`].
pub(super) fn decode(bytes: &[u8], asked: Option<&str>) -> Option<(String, &'static str)> {
    let known = asked.and_then(|asked| ENCODINGS.iter().find(|one| **one == asked));
    let name = match known {
        Some(name) => name,
        None => guess(bytes)?,
    };
    let text = decode_as(bytes, name)?;
    let control = |c: char| c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\u{b}' | '\u{c}');
    // Whoever said what it is sees what comes of it.
    let binary = known.is_none()
        && text
            .chars()
            .take(4096)
            .any(|c| c == '\0' || control(c) && c < ' ');
    (!binary).then_some((text, name))
}

fn decode_as(bytes: &[u8], name: &str) -> Option<String> {
    let table = match name {
        DOS => Some(&oem_cp::code_table::DECODING_TABLE_CP850),
        CENTRAL_DOS => Some(&oem_cp::code_table::DECODING_TABLE_CP852),
        _ => None,
    };
    if let Some(table) = table {
        return Some(oem_cp::decode_string_complete_table(bytes, table));
    }
    let encoding = Encoding::for_label(name.as_bytes())?;
    Some(encoding.decode_with_bom_removal(bytes).0.into_owned())
}

fn guess(bytes: &[u8]) -> Option<&'static str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding.name());
    }
    if bytes.contains(&0) {
        return wide(bytes);
    }
    if is_utf_8(bytes) {
        return Some("UTF-8");
    }
    let sample = bytes.get(..SAMPLE_BYTES).unwrap_or(bytes);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guessed = detector.guess(None, Utf8Detection::Deny).name();
    let guessed = ENCODINGS.iter().find(|one| **one == guessed).copied();
    let others = [
        "windows-1252",
        "macintosh",
        DOS,
        CENTRAL_DOS,
        "windows-1250",
    ];
    let evidence = Turkish::of(sample);
    let turkish = (evidence != Turkish::No).then_some("windows-1254");
    let may_be = guessed == Some("windows-1252") && evidence == Turkish::Likely;
    let mut best: Option<(i64, &'static str)> = None;
    for name in guessed.into_iter().chain(others).chain(turkish) {
        let Some(text) = decode_as(sample, name) else {
            continue;
        };
        let likely = likeness(
            &text,
            guessed == Some(name) || (may_be && turkish == Some(name)),
        );
        if best.is_none_or(|(most, _)| likely > most) {
            best = Some((likely, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Whether a text is Turkish, where Icelandic has other letters: the two encodings differ in nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turkish {
    Likely,
    Possible,
    No,
}

impl Turkish {
    fn of(bytes: &[u8]) -> Turkish {
        let count = |letters: &[u8]| bytes.iter().filter(|byte| letters.contains(byte)).count();
        let pairs = bytes.iter().zip(bytes.iter().skip(1));
        // What is ş within a word would be þ, which begins one.
        let within = pairs.filter(|(before, letter)| {
            **letter == 0xfe && (before.is_ascii_alphabetic() || **before >= 0xc0)
        });
        // An ı would be ý, of which there are few, and a ğ would be ð, of which there are many.
        let turkish = count(b"\xfd") + within.count();
        let accents = count(b"\xc1\xc6\xc9\xcd\xd3\xda\xe1\xe6\xe9\xed\xf3\xfa");
        match () {
            () if turkish > 0 && turkish >= count(b"\xf0") => Turkish::Likely,
            () if accents == 0 && count(b"\xd0\xdd\xde\xf0\xfe") > 0 => Turkish::Possible,
            () => Turkish::No,
        }
    }
}

/// UTF-16 without its mark: of the letters of most tables every other byte is zero.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    let zeros = |at: usize| {
        let bytes = bytes.iter().skip(at).step_by(2);
        bytes.filter(|byte| **byte == 0).count()
    };
    let (first, second) = (zeros(0), zeros(1));
    if second > first * 10 {
        Some("UTF-16LE")
    } else if first > second * 10 {
        Some("UTF-16BE")
    } else {
        None
    }
}

/// Whether it is UTF-8, also if some letters were cut in the middle: no text in another encoding has as many letters
/// by chance as were cut.
fn is_utf_8(bytes: &[u8]) -> bool {
    let (mut whole, mut cut) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        cut += usize::from(!chunk.invalid().is_empty());
    }
    cut == 0 || whole >= cut
}

/// Letters that names and words have most, besides those of ASCII.
const COMMON: &str = "äöüéèáíóúñçãàß";

/// Other letters of the languages that are written in one of the encodings that are told apart here.
const WESTERN: &str = "âåæêëìîïòôõøùûýœ";
const CENTRAL: &str = "ąćęłńśźżčďěňřšťůžőűășțđľĺŕðþ";
const TURKISH: &str = "ğışİ";

/// Marks that stand in texts, beside letters or not.
const MARKS: &str = "’‘“”„‚–—…€°«»·¡¿ºª\u{a0}";

/// How much a text looks like one that somebody wrote. `guessed`: somebody else thinks that it is.
fn likeness(text: &str, guessed: bool) -> i64 {
    let mut likeness = 0;
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        if !letter.is_ascii() {
            likeness += likeness_of(before, letter, after) + if guessed { 3 } else { 0 };
        }
        before = letter;
    }
    likeness
}

fn likeness_of(before: char, letter: char, after: char) -> i64 {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    if letter.is_control() || letter == '\u{fffd}' {
        -40
    } else if MARKS.contains(letter) {
        let inside = before.is_alphabetic() && after.is_alphabetic();
        if inside && letter != '’' { -8 } else { 0 }
    } else if !letter.is_alphabetic() {
        -8
    } else if letter.is_uppercase() && before.is_lowercase() {
        -12
    } else if letter.is_lowercase() && before.is_uppercase() && after.is_uppercase() {
        -4
    } else if COMMON.contains(small) {
        8
    } else if TURKISH.contains(letter) || TURKISH.contains(small) {
        7
    } else if WESTERN.contains(small) {
        6
    } else if CENTRAL.contains(small) {
        4
    } else if letter >= '\u{370}' {
        6
    } else {
        -6
    }
}
