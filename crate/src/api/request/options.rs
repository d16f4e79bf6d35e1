//! What a request wants back, as enumerations.

use super::fields::Fields;

/// `ReturnValues`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ReturnValues {
    /// Nothing.
    #[default]
    None,
    /// The item as it was before.
    AllOld,
    /// Of that, what an update touched.
    UpdatedOld,
    /// The item as it is after.
    AllNew,
    /// Of that, what an update touched.
    UpdatedNew,
}

impl ReturnValues {
    /// The item as it was before, or nothing.
    pub const fn old(wanted: bool) -> Self {
        if wanted { Self::AllOld } else { Self::None }
    }

    pub(super) fn read(fields: Fields<'_>) -> Self {
        match fields.text("ReturnValues").as_deref() {
            Some("ALL_OLD") => Self::AllOld,
            Some("UPDATED_OLD") => Self::UpdatedOld,
            Some("ALL_NEW") => Self::AllNew,
            Some("UPDATED_NEW") => Self::UpdatedNew,
            _ => Self::None,
        }
    }
}

/// `ReturnConsumedCapacity`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ReturnConsumedCapacity {
    /// Nothing.
    #[default]
    None,
    /// The sum.
    Total,
    /// The sum, the table's part and each index's.
    Indexes,
}

impl ReturnConsumedCapacity {
    pub(super) fn read(fields: Fields<'_>) -> Self {
        match fields.text("ReturnConsumedCapacity").as_deref() {
            Some("TOTAL") => Self::Total,
            Some("INDEXES") => Self::Indexes,
            _ => Self::None,
        }
    }
}

/// `Select`
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Select {
    /// All attributes of the items.
    AllAttributes,
    /// What the index holds.
    AllProjectedAttributes,
    /// What the projection names.
    SpecificAttributes,
    /// Only how many.
    Count,
}

impl Select {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        match fields.text("Select")?.as_ref() {
            "ALL_ATTRIBUTES" => Some(Self::AllAttributes),
            "ALL_PROJECTED_ATTRIBUTES" => Some(Self::AllProjectedAttributes),
            "SPECIFIC_ATTRIBUTES" => Some(Self::SpecificAttributes),
            "COUNT" => Some(Self::Count),
            _ => None,
        }
    }
}
