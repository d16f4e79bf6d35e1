//! The expression languages: one lexer, one parser and one tree for conditions, filters, key conditions, projections and updates, and
//! what they mean for an item. Uses the model only.
//!
//! | file | what it knows |
//! | --- | --- |
//! | [`placeholders`] | `#names` and `:values` of a request, and which of them are used |
//! | `lexer`, `parser`, `function`, `reserved_words` | from text to meaning |
//! | [`cache`], `inputs`, `values` | what was understood before, and when it means the same again |
//! | [`path`], `path_tree` | where in an item something stands |
//! | [`condition`], `evaluate` | conditions and filters |
//! | [`key_condition`] | what a query reads |
//! | [`legacy`], [`attribute_updates`] | the parameters from before there were expressions |
//! | [`projection`] | what of an item is returned |
//! | [`update`] | what an update does to an item |
//! | [`error`] | what can be wrong, in the service's words |
//!
//! ```
//! use dynatab::expression::{ExpressionKind, Placeholders, parse_condition};
//! use dynatab::model::{AttributeValue, Item};
//!
//! let names = vec![("#s".to_owned(), "status".to_owned())];
//! let values = vec![(":open".to_owned(), AttributeValue::S("open".to_owned()))];
//! let placeholders = Placeholders::new(Some(names), Some(values))?;
//! let condition = parse_condition(ExpressionKind::Condition, "#s = :open OR attribute_not_exists(#s)", &placeholders)?;
//! placeholders.check_all_used()?;
//! assert!(condition.holds(&Item::new()));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod attribute_updates;
pub mod cache;
pub mod condition;
pub mod error;
mod evaluate;
mod function;
mod inputs;
pub mod key_condition;
pub mod legacy;
mod lexer;
mod parser;
pub mod path;
mod path_tree;
pub mod placeholders;
pub mod projection;
mod reserved_words;
pub mod update;
mod values;

#[cfg(test)]
mod tests;

pub use attribute_updates::{AttributeUpdatesError, parse_attribute_updates};
pub use cache::{CacheCounts, ExpressionCache};
pub use condition::{Comparator, Condition};
pub use error::{ExpressionError, ExpressionKind, Problem};
pub use key_condition::{KeyClause, KeyClauses, KeyConditionMismatch, KeyConditionPlan, KeyTest, QueryKeys, parse_key_condition};
pub use legacy::{ExpectedProblem, LegacyError, parse_expected, parse_key_conditions, parse_legacy_filter};
pub use path::{DocumentPath, PathElement};
pub use placeholders::{PlaceholderError, PlaceholderMap, Placeholders};
pub use projection::Projection;
pub use update::{Update, UpdateError, Updated};

/// Parses a `ConditionExpression` or `FilterExpression`.
pub fn parse_condition(kind: ExpressionKind, text: &str, placeholders: &Placeholders) -> Result<Condition, ExpressionError> {
    parser::parse_condition(kind, text, placeholders).map(|(condition, _)| condition)
}

/// Parses a `ProjectionExpression`.
pub fn parse_projection(text: &str, placeholders: &Placeholders) -> Result<Projection, ExpressionError> {
    parser::parse_projection(text, placeholders).map(|(projection, _)| projection)
}

/// Parses an `UpdateExpression`.
pub fn parse_update(text: &str, placeholders: &Placeholders) -> Result<Update, ExpressionError> {
    parser::parse_update(text, placeholders).map(|(update, _)| update)
}
