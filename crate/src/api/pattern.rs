//! The regular expressions of the service model, each as a function: a regex engine would weigh more than the rest of the crate. Of those
//! that requests can meet there is one.

/// A pattern of the service model. Matches whole strings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pattern {
    /// Names of tables and indexes.
    Name,
}

impl Pattern {
    /// The pattern as messages print it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Name => "[a-zA-Z0-9_.-]+",
        }
    }

    /// Whether the whole of `text` matches.
    pub fn matches(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Self::Name => !bytes.is_empty() && bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_whole_strings() {
        assert!(Pattern::Name.matches("a.b-C_9"));
        for text in ["", "a b", "é"] {
            assert!(!Pattern::Name.matches(text), "{text:?}");
        }
    }
}
