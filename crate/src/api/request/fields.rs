//! Reading the members of a checked request. Kinds were checked, so what cannot be read is absent.

use crate::api::constraints::present;
use crate::api::error::ApiError;
use crate::model::json::Value;
use crate::schema::TableName;
use std::borrow::Cow;

/// The members of a request.
#[derive(Clone, Copy)]
pub(super) struct Fields<'d>(pub(super) Value<'d>);

impl<'d> Fields<'d> {
    /// The member, where absent and `null` are the same.
    pub(super) fn get(self, name: &str) -> Option<Value<'d>> {
        present(self.0, name)
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn text(self, name: &str) -> Option<Cow<'d, str>> {
        self.get(name).and_then(Value::as_str)
    }

    pub(super) fn string(self, name: &str) -> Option<String> {
        self.text(name).map(Cow::into_owned)
    }

    /// A boolean, which may also be the word (messages-items section 9).
    pub(super) fn boolean(self, name: &str) -> Option<bool> {
        let value = self.get(name)?;
        value.as_bool().or_else(|| value.as_str().map(|word| word == "true"))
    }

    /// A number that the constraints keep at 1 or more.
    pub(super) fn count(self, name: &str) -> Option<usize> {
        self.get(name)
            .and_then(Value::as_i64)
            .and_then(|number| usize::try_from(number).ok())
    }

    /// The text of a member as it was sent.
    pub(super) fn raw(self, name: &str) -> Option<String> {
        self.get(name).map(|value| value.raw().to_owned())
    }

    /// The table the request is about; the constraints have seen to it that there is one.
    pub(super) fn table_name(self) -> Result<TableName, ApiError> {
        self.text("TableName").and_then(|name| TableName::resolve(&name)).ok_or_else(|| {
            ApiError::one_validation_error("Value null at 'tableName' failed to satisfy constraint: Member must not be null")
        })
    }
}
