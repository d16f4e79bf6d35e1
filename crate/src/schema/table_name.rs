//! Names of tables and streams, and the ARNs made of them.

use std::fmt;

/// The account every resource belongs to.
pub const ACCOUNT: &str = "000000000000";

/// A valid table name: 3 to 255 characters of `[a-zA-Z0-9_.-]`. Case counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TableName(String);

impl TableName {
    /// The table a request means: by its name, or by its ARN in any region of our account (rule A6). `None` if it is neither.
    pub fn resolve(text: &str) -> Option<Self> {
        let name = if text.starts_with("arn:") { name_in_arn(text)? } else { text };
        let valid = (3..=255).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
        valid.then(|| Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::ops::Deref for TableName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A stream, as its ARN names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StreamName {
    /// The table it is or was of.
    pub table_name: TableName,
    /// Its label.
    pub label: String,
}

impl StreamName {
    /// The stream an ARN of our account names, in any region.
    pub fn resolve(arn: &str) -> Option<Self> {
        let (table, label) = arn.rsplit_once('/')?;
        let named = arn.starts_with("arn:") && !label.is_empty();
        let table_name = TableName::resolve(table.strip_suffix("/stream")?).filter(|_| named)?;
        let label = label.to_owned();
        Some(Self { table_name, label })
    }
}

/// `arn:aws:dynamodb:<region>:<account>:table/<name>`
fn name_in_arn(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':');
    let scheme = parts.next()? == "arn" && parts.next()?.starts_with("aws") && parts.next()? == "dynamodb";
    let region = !parts.next()?.is_empty();
    let account = parts.next()? == ACCOUNT;
    let name = parts.next()?.strip_prefix("table/")?;
    (scheme && region && account).then_some(name)
}

/// The ARN of a table.
pub fn table_arn(region: &str, table: &str) -> String {
    format!("arn:aws:dynamodb:{region}:{ACCOUNT}:table/{table}")
}

/// The ARN of an index of a table.
pub fn index_arn(region: &str, table: &str, index: &str) -> String {
    format!("arn:aws:dynamodb:{region}:{ACCOUNT}:table/{table}/index/{index}")
}

/// The ARN of a table's stream.
pub fn stream_arn(region: &str, table: &str, label: &str) -> String {
    format!("arn:aws:dynamodb:{region}:{ACCOUNT}:table/{table}/stream/{label}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_arns_lead_to_the_table() {
        let long = "a".repeat(255);
        for (text, name) in [
            ("abc", "abc"),
            ("A.b-c_9", "A.b-c_9"),
            (long.as_str(), long.as_str()),
            ("arn:aws:dynamodb:eu-west-2:000000000000:table/Music", "Music"),
            ("arn:aws:dynamodb:us-east-1:000000000000:table/Music", "Music"),
        ] {
            assert_eq!(TableName::resolve(text).as_deref(), Some(name), "{text}");
        }
        assert_eq!(TableName::resolve(&table_arn("eu-west-2", "Music")).as_deref(), Some("Music"));
    }

    #[test]
    fn everything_else_leads_nowhere() {
        let long = "a".repeat(256);
        for text in [
            "",
            "ab",
            "a b!",
            "étude",
            long.as_str(),
            "arn:aws:dynamodb:eu-west-2:123456789012:table/Music",
            "arn:aws:s3:eu-west-2:000000000000:table/Music",
            "arn:aws:dynamodb:eu-west-2:000000000000:table/ab",
            "arn:aws:dynamodb:eu-west-2:000000000000:table/Music/index/i",
            "arn:aws:dynamodb",
        ] {
            assert_eq!(TableName::resolve(text), None, "{text}");
        }
    }

    #[test]
    fn stream_arns_lead_to_table_and_label() {
        let stream = StreamName::resolve(&stream_arn("eu-west-2", "Music", "2026-10-08T23:07:31.275")).unwrap();
        assert_eq!(
            (stream.table_name.as_str(), stream.label.as_str()),
            ("Music", "2026-10-08T23:07:31.275")
        );
        for text in [
            "Music/stream/x",
            &table_arn("eu-west-2", "Music"),
            &stream_arn("r", "Music", ""),
            &stream_arn("r", "Music", "a/b"),
        ] {
            assert_eq!(StreamName::resolve(text), None, "{text}");
        }
    }
}
