//! `SSESpecification`: encryption with a KMS key. Kept and shown; nothing is encrypted.

use super::error::{CorruptDefinition, SchemaError};
use super::json_text::ObjectWriter;
use super::stream::is_true;
use super::table_name::ACCOUNT;
use crate::model::json::Value;

/// Encryption with a KMS key, when it is enabled.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SseSpec {
    /// The key asked for; `None` is the key AWS manages for DynamoDB.
    pub kms_key: Option<String>,
}

/// The key AWS manages for DynamoDB has an id of the account's; ours is always this one.
const MANAGED_KEY: &str = "c9d29284-23c5-4d3f-8ff4-de56a8df0b99";

impl SseSpec {
    /// Reads it from a request (messages-tables 60); `None` when encryption with KMS is not enabled.
    pub(super) fn from_request(value: Value<'_>) -> Result<Option<Self>, SchemaError> {
        let enabled = value.get("Enabled").is_some_and(is_true);
        let kind = value.get("SSEType").and_then(Value::as_str);
        let kms_key = value
            .get("KMSMasterKeyId")
            .and_then(Value::as_str)
            .map(std::borrow::Cow::into_owned);
        match kind.as_deref() {
            Some(_) if !enabled => Err(SchemaError::SseTypeWhenDisabled),
            Some("AES256") => Err(SchemaError::SseTypeNotSupported),
            None if kms_key.is_some() => Err(SchemaError::SseTypeRequired),
            _ => Ok(enabled.then_some(Self { kms_key })),
        }
    }

    pub(super) fn from_stored(value: Value<'_>) -> Result<Self, CorruptDefinition> {
        let kms_key = value
            .get("KMSMasterKeyId")
            .and_then(Value::as_str)
            .map(std::borrow::Cow::into_owned);
        if value.kind() == crate::model::json::Kind::Object {
            Ok(Self { kms_key })
        } else {
            Err(CorruptDefinition("SSESpecification"))
        }
    }

    /// Writes it as in requests.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        object.boolean("Enabled", true);
        object.string("SSEType", "KMS");
        object.optional_string("KMSMasterKeyId", self.kms_key.as_deref());
        object.end();
    }

    /// Writes an `SSEDescription`.
    pub(super) fn describe(&self, object: &mut ObjectWriter<'_>, region: &str) {
        object.string("Status", "ENABLED");
        object.string("SSEType", "KMS");
        let arn = match self.kms_key.as_deref() {
            Some(arn) if arn.starts_with("arn:") => arn.to_owned(),
            Some(alias) if alias.starts_with("alias/") => format!("arn:aws:kms:{region}:{ACCOUNT}:{alias}"),
            key => format!("arn:aws:kms:{region}:{ACCOUNT}:key/{}", key.unwrap_or(MANAGED_KEY)),
        };
        object.string("KMSMasterKeyArn", &arn);
    }
}
