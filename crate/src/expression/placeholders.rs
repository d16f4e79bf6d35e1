//! The request's `ExpressionAttributeNames` and `ExpressionAttributeValues`, shared by all its expressions: what each placeholder stands
//! for, and whether any expression used it (rules 27-29).

use super::error::ExpressionKind;
use super::lexer::is_placeholder;
use crate::model::{AttributeValue, sorting::sort};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// One of the two maps. Sorted by key, so that look-ups halve and the unused are listed in order.
#[derive(Debug)]
struct Table<T>(Vec<Entry<T>>);

#[derive(Debug, Default)]
struct Entry<T> {
    key: String,
    content: T,
    used: AtomicBool,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Table<T> {
    fn new(entries: impl IntoIterator<Item = (String, T)>) -> Self
    where
        T: Default,
    {
        let entry = |(key, content)| Entry {
            key,
            content,
            used: AtomicBool::new(false),
        };
        let mut entries = entries.into_iter().map(entry).collect();
        sort(&mut entries, |one, two| one.key.cmp(&two.key));
        Self(entries)
    }

    fn take_up(&self, key: &str) -> Option<&T> {
        let entry = &self.0[self.0.binary_search_by(|entry| entry.key.as_str().cmp(key)).ok()?];
        entry.used.store(true, Ordering::Relaxed);
        Some(&entry.content)
    }

    fn unused(&self) -> Vec<String> {
        self.0
            .iter()
            .filter(|entry| !entry.used.load(Ordering::Relaxed))
            .map(|entry| entry.key.clone())
            .collect()
    }

    fn check(&self, map: PlaceholderMap) -> Result<(), PlaceholderError> {
        if self.0.is_empty() {
            return Err(PlaceholderError::Empty(map));
        }
        match self.0.iter().find(|entry| !is_placeholder(&entry.key, map.mark())) {
            Some(entry) => Err(PlaceholderError::InvalidKey {
                map,
                key: entry.key.clone(),
            }),
            None => Ok(()),
        }
    }
}

/// What the placeholders of one request stand for. Every expression of the request is parsed against the same one; afterwards
/// [`Placeholders::check_all_used`] finds those no expression used.
#[derive(Debug, Default)]
pub struct Placeholders {
    names: Table<String>,
    values: Table<Arc<AttributeValue>>,
}

impl Placeholders {
    /// Takes the two maps of a request; `None` for one that is absent. An empty map, a malformed key and an empty attribute name are
    /// errors, names before values.
    pub fn new(names: Option<Vec<(String, String)>>, values: Option<Vec<(String, AttributeValue)>>) -> Result<Self, PlaceholderError> {
        let mut placeholders = Self::default();
        if let Some(names) = names {
            placeholders.names = Table::new(names);
            placeholders.names.check(PlaceholderMap::Names)?;
            if let Some(entry) = placeholders.names.0.iter().find(|entry| entry.content.is_empty()) {
                let message = "Empty attribute name".to_owned();
                return Err(PlaceholderError::InvalidContent {
                    map: PlaceholderMap::Names,
                    key: entry.key.clone(),
                    message,
                });
            }
        }
        if let Some(values) = values {
            placeholders.values = Table::new(values.into_iter().map(|(key, value)| (key, Arc::new(value))));
            placeholders.values.check(PlaceholderMap::Values)?;
        }
        Ok(placeholders)
    }

    /// Takes the two maps of a request. For one without any expression `missing` says which could have used values: there, that a map is
    /// given is reported before anything that is wrong in it (rule 28, in the order of both reference servers).
    pub fn of_request(
        names: Option<Vec<(String, String)>>,
        values: Option<Vec<(String, AttributeValue)>>,
        missing: Option<&'static [ExpressionKind]>,
    ) -> Result<Self, PlaceholderError> {
        if let Some(missing) = missing {
            without_expression(names.is_some(), values.is_some(), missing)?;
        }
        Self::new(names, values)
    }

    /// The attribute name behind `#key`, which counts as used from here on.
    pub(super) fn name(&self, key: &str) -> Option<&str> {
        self.names.take_up(key).map(String::as_str)
    }

    /// The value behind `:key`, which counts as used from here on.
    pub(super) fn value(&self, key: &str) -> Option<&Arc<AttributeValue>> {
        self.values.take_up(key)
    }

    /// Whether every placeholder was used by an expression parsed since; names are reported before values (rule 27).
    pub fn check_all_used(&self) -> Result<(), PlaceholderError> {
        for (map, keys) in [
            (PlaceholderMap::Names, self.names.unused()),
            (PlaceholderMap::Values, self.values.unused()),
        ] {
            if !keys.is_empty() {
                return Err(PlaceholderError::Unused { map, keys });
            }
        }
        Ok(())
    }

    /// For a request that has no expression at all: whether it has no placeholders either (rule 28). `missing` are the expressions
    /// that could have used values.
    pub fn check_none_given(&self, missing: &'static [ExpressionKind]) -> Result<(), PlaceholderError> {
        without_expression(!self.names.0.is_empty(), !self.values.0.is_empty(), missing)
    }
}

fn without_expression(names: bool, values: bool, missing: &'static [ExpressionKind]) -> Result<(), PlaceholderError> {
    if names {
        Err(PlaceholderError::NamesWithoutExpression)
    } else if values {
        Err(PlaceholderError::ValuesWithoutExpression { missing })
    } else {
        Ok(())
    }
}

/// Which of the two placeholder maps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PlaceholderMap {
    /// `ExpressionAttributeNames`
    Names,
    /// `ExpressionAttributeValues`
    Values,
}

impl PlaceholderMap {
    fn parameter(self) -> &'static str {
        match self {
            Self::Names => "ExpressionAttributeNames",
            Self::Values => "ExpressionAttributeValues",
        }
    }

    fn mark(self) -> char {
        match self {
            Self::Names => '#',
            Self::Values => ':',
        }
    }
}

/// Something wrong with the placeholder maps themselves.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum PlaceholderError {
    /// The map is there and has nothing in it (rule 28).
    Empty(PlaceholderMap),
    /// A key that is not `#name` or `:value`.
    InvalidKey {
        /// The map.
        map: PlaceholderMap,
        /// The key.
        key: String,
    },
    /// What a placeholder stands for is not valid (rule 11).
    InvalidContent {
        /// The map.
        map: PlaceholderMap,
        /// The key.
        key: String,
        /// What is wrong with it.
        message: String,
    },
    /// Placeholders no expression uses (rule 27).
    Unused {
        /// The map.
        map: PlaceholderMap,
        /// The keys, sorted.
        keys: Vec<String>,
    },
    /// Names, and no expression they could be for (rule 28).
    NamesWithoutExpression,
    /// Values, and no expression they could be for (rule 28).
    ValuesWithoutExpression {
        /// The expressions that could have used them.
        missing: &'static [ExpressionKind],
    },
}

impl PlaceholderError {
    /// Whether writes put `1 validation error detected: ` in front of it: of all but a malformed key (the reference server; messages-items
    /// 4 has that text bare and for no write).
    pub const fn takes_prefix(&self) -> bool {
        !matches!(self, Self::InvalidKey { .. })
    }
}

impl fmt::Display for PlaceholderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WITHOUT: &str = "can only be specified when using expressions";
        match self {
            Self::Empty(map) => write!(f, "{} must not be empty", map.parameter()),
            Self::InvalidKey { map, key } => write!(f, "{} contains invalid key: Syntax error; key: \"{key}\"", map.parameter()),
            Self::InvalidContent { map, key, message } => {
                write!(f, "{} contains invalid value: {message} for key {key}", map.parameter())
            }
            Self::Unused { map, keys } => {
                write!(
                    f,
                    "Value provided in {} unused in expressions: keys: {{{}}}",
                    map.parameter(),
                    keys.join(", ")
                )
            }
            Self::NamesWithoutExpression => write!(f, "ExpressionAttributeNames {WITHOUT}"),
            Self::ValuesWithoutExpression { missing } => {
                write!(f, "ExpressionAttributeValues {WITHOUT}")?;
                for (at, kind) in missing.iter().enumerate() {
                    write!(f, "{}{}", if at == 0 { ": " } else { " and " }, kind.parameter())?;
                }
                match missing.len() {
                    0 => Ok(()),
                    1 => f.write_str(" is null"),
                    _ => f.write_str(" are null"),
                }
            }
        }
    }
}

impl std::error::Error for PlaceholderError {}
