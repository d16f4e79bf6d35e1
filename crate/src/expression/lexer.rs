//! Splits an expression's text into tokens: one lexer for all five kinds of expression.

/// What a token is. Its text is the expression's between [`Token::start`] and [`Token::end`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenKind {
    /// An attribute or function name written out: a letter, then letters, digits and `_`.
    Identifier,
    /// A word of the grammar, in any case.
    Keyword(Keyword),
    /// `#` and at least one letter, digit or `_`.
    Name,
    /// `:` and at least one letter, digit or `_`.
    Value,
    /// A list index: `0`, or digits that do not begin with `0`.
    Index,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    OpenParenthesis,
    CloseParenthesis,
    OpenBracket,
    CloseBracket,
    Comma,
    Dot,
    Plus,
    Minus,
    /// A character that begins no token.
    Illegal,
    /// The end of the text.
    End,
}

/// The words of the grammar. None of them can be written as an attribute name (rule 33).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keyword {
    And,
    Or,
    Not,
    In,
    Between,
    Set,
    Add,
    Remove,
    Delete,
}

const KEYWORDS: [(&str, Keyword); 9] = [
    ("AND", Keyword::And),
    ("OR", Keyword::Or),
    ("NOT", Keyword::Not),
    ("IN", Keyword::In),
    ("BETWEEN", Keyword::Between),
    ("SET", Keyword::Set),
    ("ADD", Keyword::Add),
    ("REMOVE", Keyword::Remove),
    ("DELETE", Keyword::Delete),
];

/// One token and where it stands in the text, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

/// Reads the token that begins at or after byte `from` of `text`.
pub(super) fn token_at(text: &str, from: usize) -> Token {
    let bytes = text.as_bytes();
    let mut start = from;
    while matches!(bytes.get(start), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        start += 1;
    }
    let Some(&first) = bytes.get(start) else {
        return Token {
            kind: TokenKind::End,
            start,
            end: start,
        };
    };
    let second = bytes.get(start + 1).copied();
    let word_end = |mut at: usize| {
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            at += 1;
        }
        at
    };
    let (kind, end) = match first {
        b'a'..=b'z' | b'A'..=b'Z' => {
            let end = word_end(start);
            (keyword(&text[start..end]).map_or(TokenKind::Identifier, TokenKind::Keyword), end)
        }
        b'#' | b':' => match word_end(start + 1) {
            end if end == start + 1 => (TokenKind::Illegal, end),
            end => (if first == b'#' { TokenKind::Name } else { TokenKind::Value }, end),
        },
        b'0' => (TokenKind::Index, start + 1),
        b'1'..=b'9' => {
            let digits = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            (TokenKind::Index, start + digits)
        }
        b'<' if second == Some(b'>') => (TokenKind::NotEqual, start + 2),
        b'<' if second == Some(b'=') => (TokenKind::LessOrEqual, start + 2),
        b'>' if second == Some(b'=') => (TokenKind::GreaterOrEqual, start + 2),
        b'<' => (TokenKind::Less, start + 1),
        b'>' => (TokenKind::Greater, start + 1),
        b'=' => (TokenKind::Equal, start + 1),
        b'(' => (TokenKind::OpenParenthesis, start + 1),
        b')' => (TokenKind::CloseParenthesis, start + 1),
        b'[' => (TokenKind::OpenBracket, start + 1),
        b']' => (TokenKind::CloseBracket, start + 1),
        b',' => (TokenKind::Comma, start + 1),
        b'.' => (TokenKind::Dot, start + 1),
        b'+' => (TokenKind::Plus, start + 1),
        b'-' => (TokenKind::Minus, start + 1),
        _ => (TokenKind::Illegal, start + text[start..].chars().next().map_or(1, char::len_utf8)),
    };
    Token { kind, start, end }
}

/// Whether `key` is one whole placeholder: `mark`, then letters, digits and `_`.
pub(super) fn is_placeholder(key: &str, mark: char) -> bool {
    key.strip_prefix(mark)
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

fn keyword(word: &str) -> Option<Keyword> {
    if word.len() > 7 {
        return None;
    }
    KEYWORDS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word))
        .map(|(_, keyword)| *keyword)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        let (mut at, mut texts) = (0, Vec::new());
        loop {
            let token = token_at(text, at);
            if token.kind == TokenKind::End {
                return texts;
            }
            texts.push(&text[token.start..token.end]);
            at = token.end;
        }
    }

    #[test]
    fn tokens_are_cut_where_the_service_cuts_them() {
        assert_eq!(texts("a.b[10] <> :v_1"), ["a", ".", "b", "[", "10", "]", "<>", ":v_1"]);
        assert_eq!(texts("set _something"), ["set", "_", "something"]);
        assert_eq!(texts("2a=01"), ["2", "a", "=", "0", "1"]);
        assert_eq!(texts("a!=:b<=#c\t>\n=d"), ["a", "!", "=", ":b", "<=", "#c", ">", "=", "d"]);
        assert_eq!(texts("#=:é\u{a0}#x-y"), ["#", "=", ":", "é", "\u{a0}", "#x", "-", "y"]);
    }

    #[test]
    fn keywords_are_known_in_any_case() {
        assert_eq!(token_at("bEtWeEn", 0).kind, TokenKind::Keyword(Keyword::Between));
        assert_eq!(token_at("betweens", 0).kind, TokenKind::Identifier);
        assert_eq!(token_at("size", 0).kind, TokenKind::Identifier);
    }
}
