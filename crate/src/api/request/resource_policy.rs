//! `PutResourcePolicy`, `GetResourcePolicy`, `DeleteResourcePolicy`.

use super::fields::Fields;
use super::{ApiError, Document, Operation, Value, check};
use crate::schema::{ACCOUNT, StreamName, TableName, canonical_policy};

/// The table or stream a policy is attached to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PolicyResource {
    /// The ARN as it was sent.
    pub arn: String,
    /// The table.
    pub table_name: TableName,
    /// The label of its stream, where that is meant.
    pub stream: Option<String>,
}

impl PolicyResource {
    fn read(fields: Fields<'_>) -> Result<Self, ApiError> {
        let arn = fields.string("ResourceArn").unwrap_or_default();
        let invalid = |what: &str| {
            Err(ApiError::validation(format!(
                "One or more parameter values were invalid: {what}: {arn}"
            )))
        };
        if !arn.starts_with("arn:") {
            return invalid("ARNs must start with 'arn:'");
        }
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", _, "dynamodb", _, account, resource] = parts[..] else {
            return invalid("Provided Arn is not a DynamoDB resource arn");
        };
        if account != ACCOUNT {
            return Err(ApiError::validation(
                "This action is only supported by accounts that match the resource owner’s account.",
            ));
        }
        if resource.starts_with("table/") && resource.contains("/index/") {
            return invalid("Invalid resource arn provided, only table or stream is accepted. Provided resource arn");
        }
        match (TableName::resolve(&arn), StreamName::resolve(&arn)) {
            (Some(table_name), _) => Ok(Self {
                arn,
                table_name,
                stream: None,
            }),
            (None, Some(StreamName { table_name, label })) => Ok(Self {
                arn,
                table_name,
                stream: Some(label),
            }),
            (None, None) => invalid("Provided Arn is not a DynamoDB resource arn"),
        }
    }
}

/// A checked request of one of the three.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResourcePolicyRequest {
    /// What the policy is attached to.
    pub resource: PolicyResource,
    /// The policy to attach, in its canonical form; empty where none is.
    pub policy: String,
    /// The revision the policy must have.
    pub expected_revision: Option<String>,
}

impl ResourcePolicyRequest {
    /// Reads the request of an operation.
    pub fn parse(operation: Operation, document: &Document<'_>) -> Result<Self, ApiError> {
        let fields = Fields(check(operation, document)?);
        Ok(Self {
            resource: PolicyResource::read(fields)?,
            policy: match fields.get("Policy").and_then(Value::as_str) {
                Some(policy) => canonical_policy(&policy)?,
                None => String::new(),
            },
            expected_revision: fields.string("ExpectedRevisionId"),
        })
    }
}
