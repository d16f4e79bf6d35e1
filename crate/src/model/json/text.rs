//! Strings: out of their escapes, and into the fewest.

use super::parser::skip_ordinary;

/// What stands between the quotes of a string that the parser accepted, with its escapes resolved.
pub(super) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut after = escape.chars();
        text.push(match after.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let (character, length) = unicode_escape(escape);
                after = escape.get(length..).unwrap_or_default().chars();
                character
            }
            Some(itself) => itself,
            None => break,
        });
        rest = after.as_str();
    }
    text.push_str(rest);
    text
}

/// The character of `uXXXX` or of a surrogate pair `uXXXX\uXXXX`, and how many bytes that took.
fn unicode_escape(escape: &str) -> (char, usize) {
    let unit = code_unit(escape);
    if let 0xd800..=0xdbff = unit
        && escape.as_bytes().get(5..7) == Some(b"\\u")
        && let low @ 0xdc00..=0xdfff = code_unit(escape.get(6..).unwrap_or_default())
    {
        let code_point = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        return (char::from_u32(code_point).unwrap_or('?'), 11);
    }
    // A lone surrogate is no character.
    (char::from_u32(unit).unwrap_or('?'), 5)
}

fn code_unit(escape: &str) -> u32 {
    let digits = escape.get(1..5).unwrap_or_default();
    u32::from_str_radix(digits, 16).unwrap_or_default()
}

/// Appends a text as a JSON string with the fewest escapes: the quote, the backslash and control characters, those with a short form in
/// that form. One text has one such form, which is what makes stored items comparable byte by byte.
pub fn write_json_string(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    out.push(b'"');
    let mut from = 0;
    loop {
        let to = skip_ordinary(bytes, from);
        out.extend_from_slice(&bytes[from..to]);
        let Some(&byte) = bytes.get(to) else { break };
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            _ => b'u',
        };
        out.extend_from_slice(&[b'\\', short]);
        if short == b'u' {
            const HEX: &[u8; 16] = b"0123456789abcdef";
            let high = HEX[usize::from(byte >> 4)];
            let low = HEX[usize::from(byte & 15)];
            out.extend_from_slice(&[b'0', b'0', high, low]);
        }
        from = to + 1;
    }
    out.push(b'"');
}
