//! `StreamSpecification`: whether a table has a stream, and what its records show.

use super::error::SchemaError;
use crate::model::json::Value;

/// What a stream's records show of an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StreamViewType {
    /// Its key.
    KeysOnly,
    /// The item as it is after the change.
    NewImage,
    /// The item as it was before.
    OldImage,
    /// Both.
    NewAndOldImages,
}

impl StreamViewType {
    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeysOnly => "KEYS_ONLY",
            Self::NewImage => "NEW_IMAGE",
            Self::OldImage => "OLD_IMAGE",
            Self::NewAndOldImages => "NEW_AND_OLD_IMAGES",
        }
    }

    /// The view type of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::KeysOnly, Self::NewImage, Self::OldImage, Self::NewAndOldImages]
            .into_iter()
            .find(|view| view.name() == name)
    }

    /// Whether records carry the item after the change.
    pub const fn has_new_image(self) -> bool {
        matches!(self, Self::NewImage | Self::NewAndOldImages)
    }

    /// Whether records carry the item before the change.
    pub const fn has_old_image(self) -> bool {
        matches!(self, Self::OldImage | Self::NewAndOldImages)
    }
}

/// A table's stream while it is enabled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StreamSpec {
    /// What its records show.
    pub view: StreamViewType,
    /// The label in its ARN: the time it was enabled, such as `2026-10-08T23:07:31.275`.
    pub label: String,
}

/// The view type a `CreateTable` request asks for, if it asks for a stream (messages-tables 52).
pub(super) fn view_type(specification: Option<Value<'_>>) -> Result<Option<StreamViewType>, SchemaError> {
    let enabled = specification.and_then(|value| value.get("StreamEnabled")).is_some_and(is_true);
    let view = specification.and_then(|value| value.get("StreamViewType")).and_then(Value::as_str);
    match (enabled, view) {
        (true, Some(view)) => StreamViewType::from_name(&view).map(Some).ok_or(SchemaError::StreamWithoutViewType),
        (true, None) => Err(SchemaError::StreamWithoutViewType),
        (false, Some(_)) => Err(SchemaError::ViewTypeWithoutStream),
        (false, None) => Ok(None),
    }
}

/// A time in UTC, as streams are labelled with that at which they were enabled (messages-tables section 1, rule 100).
pub fn utc_time(milliseconds: i64) -> String {
    let (seconds, rest) = (milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000));
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_date(days);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{rest:03}")
}

/// Year, month and day of a number of days since 1970, in the proleptic Gregorian calendar.
fn civil_date(days: i64) -> (i64, i64, i64) {
    // Counted from 1 March of year 0, so that the leap day is the last day of a year, in eras of 400 years.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// A boolean of a request, which may also be the word (messages-items section 9).
pub(super) fn is_true(value: Value<'_>) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_str().as_deref() == Some("true"))
}

#[cfg(test)]
mod tests {
    use super::utc_time;

    #[test]
    fn times_are_in_utc() {
        assert_eq!(utc_time(0), "1970-01-01T00:00:00.000");
        assert_eq!(utc_time(951_782_400_000), "2000-02-29T00:00:00.000");
        assert_eq!(utc_time(1_791_500_851_275), "2026-10-08T23:07:31.275");
        assert_eq!(utc_time(4_107_542_399_999), "2100-02-28T23:59:59.999");
    }
}
