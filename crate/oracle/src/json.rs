//! JSON to be written.

use std::fmt;

/// A JSON value. Numbers are kept as they are to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `true` or `false`
    Bool(bool),
    /// A number
    Number(String),
    /// A string
    Text(String),
    /// An array
    Array(Vec<Self>),
    /// An object, its members in the order they were added in
    Object(Vec<(String, Self)>),
}

impl Json {
    /// An object with these members.
    pub fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.map(|(name, value)| (name.to_owned(), value)).into())
    }

    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// An integer.
    pub fn integer(value: usize) -> Self {
        Self::Number(value.to_string())
    }

    /// Gives an object a member, in place of one of that name.
    pub fn set(&mut self, name: &str, value: Self) {
        if let Self::Object(members) = self {
            members.retain(|(other, _)| other != name);
            members.push((name.to_owned(), value));
        }
    }

    /// A member of an object.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self {
            Self::Object(members) => members.iter_mut().find(|(other, _)| other == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            c if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

fn write_joined<T>(f: &mut fmt::Formatter<'_>, items: &[T], write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(",")?;
        }
        write(f, item)?;
    }
    Ok(())
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(text) => f.write_str(text),
            Self::Text(text) => write_text(f, text),
            Self::Array(elements) => {
                f.write_str("[")?;
                write_joined(f, elements, |f, element| write!(f, "{element}"))?;
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                write_joined(f, members, |f, (name, value)| {
                    write_text(f, name)?;
                    write!(f, ":{value}")
                })?;
                f.write_str("}")
            }
        }
    }
}
