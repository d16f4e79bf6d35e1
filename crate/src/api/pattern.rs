//! The regular expressions of the service model, each as a function: a regex engine would weigh more than the rest of the crate.

/// A pattern of the service model. Matches whole strings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// Names of tables, indexes and backups.
    Name,
    /// An account number.
    AccountId,
    /// A paging token of some list operations.
    HexToken,
    /// Names of scaling policies.
    Printable,
    /// Whatever XML may contain.
    XmlText,
    /// One CSV delimiter.
    CsvDelimiter,
    /// A CSV header.
    CsvHeader,
    /// A bucket's name.
    Bucket,
    /// A client's token.
    NoDollar,
}

impl Pattern {
    /// The pattern as messages print it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Name => "[a-zA-Z0-9_.-]+",
            Self::AccountId => "[0-9]{12}",
            Self::HexToken => "([0-9a-f]{16})+",
            Self::Printable => r"\p{Print}+",
            Self::XmlText => r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*",
            Self::CsvDelimiter => r"[,;:|\t ]",
            Self::CsvHeader => r"[\x20-\x21\x23-\x2B\x2D-\x7E]*",
            Self::Bucket => r"^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$",
            Self::NoDollar => r"^[^\$]+$",
        }
    }

    /// Whether the whole of `text` matches.
    pub fn matches(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Self::Name => !bytes.is_empty() && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(b)),
            Self::AccountId => bytes.len() == 12 && bytes.iter().all(u8::is_ascii_digit),
            Self::HexToken => {
                let hex = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
                !bytes.is_empty() && bytes.len().is_multiple_of(16) && bytes.iter().all(hex)
            }
            Self::Printable => !bytes.is_empty() && bytes.iter().all(|b| (b' '..=b'~').contains(b)),
            Self::XmlText => text
                .chars()
                .all(|c| matches!(c, '\r' | '\n' | '\t') || (c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}')),
            Self::CsvDelimiter => matches!(bytes, [b',' | b';' | b':' | b'|' | b'\t' | b' ']),
            Self::CsvHeader => bytes.iter().all(|b| (b' '..=b'~').contains(b) && !b"\",".contains(b)),
            Self::Bucket => {
                let inner = |b: &u8| b.is_ascii_alphanumeric() || b"._-".contains(b);
                let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
                bytes.len() >= 2 && bytes.iter().all(inner) && edge(bytes.first()) && edge(bytes.last())
            }
            Self::NoDollar => !bytes.is_empty() && !bytes.contains(&b'$'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_whole_strings() {
        for (pattern, good, bad) in [
            (Pattern::Name, &["a.b-C_9"][..], &["", "a b", "é"][..]),
            (Pattern::AccountId, &["000000000000"], &["00000000000", "00000000000a"]),
            (
                Pattern::HexToken,
                &["0123456789abcdef"],
                &["", "0123456789abcde", "0123456789ABCDEF"],
            ),
            (Pattern::Printable, &["a b"], &["", "a\n"]),
            (Pattern::XmlText, &["", "a\té"], &["\u{1}"]),
            (Pattern::CsvDelimiter, &["\t", "|"], &["", ",,", "a"]),
            (Pattern::CsvHeader, &["", "a b"], &["a,b", "\""]),
            (Pattern::Bucket, &["a.b-c", "ab"], &["a", ".ab", "ab-", "a b"]),
            (Pattern::NoDollar, &["a"], &["", "$a"]),
        ] {
            for text in good {
                assert!(pattern.matches(text), "{pattern:?} {text:?}");
            }
            for text in bad {
                assert!(!pattern.matches(text), "{pattern:?} {text:?}");
            }
        }
    }
}
