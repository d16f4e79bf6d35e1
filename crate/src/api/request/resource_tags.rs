//! `TagResource`, `UntagResource`, `ListTagsOfResource`.

use super::fields::Fields;
use super::{ApiError, Document, Operation, check};
use crate::model::json::Value;
use crate::schema::TableName;
use crate::schema::{Tag, check_tag_count, check_tags};

/// The table an operation on tags names by its ARN.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaggedResource {
    /// The ARN as it was sent.
    pub arn: String,
    /// The table of that name; none where the ARN is another account's.
    pub table_name: Option<TableName>,
}

impl TaggedResource {
    /// messages-tables 61
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        let arn = fields.string("ResourceArn").unwrap_or_default();
        if arn.is_empty() {
            return Err(ApiError::validation("Invalid TableArn"));
        }
        if !arn.starts_with("arn:") {
            return Err(ApiError::validation(format!(
                "One or more parameter values were invalid: ARNs must start with 'arn:': {arn}"
            )));
        }
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let is_table = |resource: &str| resource.strip_prefix("table/").is_some_and(|name| !name.contains('/'));
        if !matches!(parts[..], ["arn", _, "dynamodb", _, _, resource] if is_table(resource)) {
            return Err(ApiError::validation(format!(
                "Invalid TableArn: Invalid ResourceArn provided as input {arn}"
            )));
        }
        let table_name = TableName::resolve(&arn);
        Ok(Self { arn, table_name })
    }
}

/// A checked `TagResource` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TagRequest {
    /// The table.
    pub resource: TaggedResource,
    /// The tags to set, checked among themselves; at least one.
    pub tags: Vec<Tag>,
}

impl TagRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::TagResource, document)?);
        let resource = TaggedResource::read(fields)?;
        let tags = fields.get("Tags").filter(|list| !list.is_empty());
        if tags.is_none() {
            // messages-tables 63
            return Err(ApiError::validation("Atleast one Tag needs to be provided as Input."));
        }
        let tags = check_tags(tags)?;
        Ok(Self { resource, tags })
    }
}

/// A checked `UntagResource` request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UntagRequest {
    /// The table.
    pub resource: TaggedResource,
    /// The keys of the tags to remove; at least one.
    pub keys: Vec<String>,
}

impl UntagRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::UntagResource, document)?);
        let resource = TaggedResource::read(fields)?;
        let keys = fields.get("TagKeys").into_iter().flat_map(Value::elements);
        let keys: Vec<String> = keys.filter_map(Value::as_str).map(std::borrow::Cow::into_owned).collect();
        if keys.is_empty() {
            // messages-tables 63
            return Err(ApiError::validation("Atleast one Tag Key needs to be provided as Input."));
        }
        // messages-tables 67
        check_tag_count(keys.len())?;
        Ok(Self { resource, keys })
    }
}

/// A checked `ListTagsOfResource` request. All tags fit one page, so its `NextToken` says nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListTagsRequest {
    /// The table.
    pub resource: TaggedResource,
}

impl ListTagsRequest {
    /// Reads the request.
    pub fn parse(document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(Operation::ListTagsOfResource, document)?);
        let resource = TaggedResource::read(fields)?;
        Ok(Self { resource })
    }
}
