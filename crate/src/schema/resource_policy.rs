//! Resource-based policies (rule A6): kept, compared and given back in one canonical form, as the service does. They refuse nobody anything:
//! requests are not signed, so there is nobody whom a statement could be about.

use super::error::{CorruptDefinition, SchemaError};
use super::json_text::{ObjectWriter, into_text, write_array};
use super::table_name::ACCOUNT;
use crate::model::json::{Document, Kind, Value, write_json_string};

/// Most bytes of a policy as it is sent, blanks included.
const MOST_BYTES: usize = 20 << 10;

/// The language of a policy that does not say which it is written in.
const FIRST_VERSION: &str = "2008-10-17";

/// The members of a statement, in the order of the canonical form.
const MEMBERS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Of each of these a statement must have one.
const REQUIRED: [[&str; 2]; 4] = [
    ["Effect", "Effect"],
    ["Principal", "NotPrincipal"],
    ["Action", "NotAction"],
    ["Resource", "NotResource"],
];

/// The policy of a table or of one of its streams.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResourcePolicy {
    /// The label of the stream it is attached to; the table's own has none.
    pub stream: Option<String>,
    /// The policy in its canonical form; none once it was deleted.
    pub document: Option<String>,
    /// When it was changed last, in milliseconds since 1970: its `RevisionId`.
    pub revision: i64,
}

impl ResourcePolicy {
    pub(super) fn write_stored(&self, out: &mut Vec<u8>) {
        let mut object = ObjectWriter::begin(out);
        object.optional_string("Stream", self.stream.as_deref());
        object.optional_string("Policy", self.document.as_deref());
        object.integer("Revision", self.revision);
        object.end();
    }

    pub(super) fn from_stored(value: Value<'_>) -> Result<Self, CorruptDefinition> {
        let text = |name| Some(value.get(name)?.as_str()?.into_owned());
        let revision = value.get("Revision").and_then(Value::as_i64);
        Ok(Self {
            stream: text("Stream"),
            document: text("Policy"),
            revision: revision.ok_or(CorruptDefinition("ResourcePolicies"))?,
        })
    }
}

/// The canonical form of a policy: without blanks, members in a fixed order, lists of one action or resource as that one, accounts as ARNs.
/// Policies that say the same have the same, as far as that goes.
pub fn canonical_policy(text: &str) -> Result<String, SchemaError> {
    if text.len() > MOST_BYTES {
        return Err(SchemaError::PolicyTooLarge);
    }
    let invalid = || SchemaError::InvalidPolicy("This policy contains invalid Json");
    let document = Document::parse(text.as_bytes()).map_err(|_| invalid())?;
    let root = document.root();
    if root.kind() != Kind::Object {
        return Err(invalid());
    }
    let is_list = |list: &Value<'_>| matches!(list.kind(), Kind::Object | Kind::Array) && !list.is_empty();
    let Some(statements) = root.get("Statement").filter(is_list) else {
        return Err(SchemaError::InvalidPolicy("Could not parse the policy: Statement is empty!"));
    };
    // One statement may stand without its list.
    let alone = statements.kind() == Kind::Object;
    if alone {
        check_statement(statements)?;
    }
    statements.elements().try_for_each(check_statement)?;
    let mut out = Vec::with_capacity(text.len());
    let mut policy = ObjectWriter::begin(&mut out);
    let version = root.get("Version").and_then(Value::as_str);
    policy.string("Version", version.as_deref().unwrap_or(FIRST_VERSION));
    if let Some(id) = root.get("Id") {
        write_value(policy.name("Id"), id);
    }
    let list = policy.name("Statement");
    if alone {
        list.push(b'[');
        write_statement(list, statements);
        list.push(b']');
    } else {
        write_array(list, statements.elements(), write_statement);
    }
    policy.end();
    Ok(into_text(out))
}

fn check_statement(statement: Value<'_>) -> Result<(), SchemaError> {
    let missing = |[member, opposite]: &[&str; 2]| statement.get(member).or_else(|| statement.get(opposite)).is_none();
    match REQUIRED.iter().find(|members| missing(members)) {
        Some([member, _]) => Err(SchemaError::PolicyWithout(member)),
        None => Ok(()),
    }
}

fn write_statement(out: &mut Vec<u8>, statement: Value<'_>) {
    let mut written = ObjectWriter::begin(out);
    for name in MEMBERS {
        let Some(value) = statement.get(name) else { continue };
        let out = written.name(name);
        match name {
            "Effect" => write_effect(out, value),
            "Principal" | "NotPrincipal" => write_principal(out, value),
            "Condition" => write_value(out, value),
            _ => write_one_or_more(out, value, write_value),
        }
    }
    written.end();
}

fn write_effect(out: &mut Vec<u8>, effect: Value<'_>) {
    let named = effect.as_str();
    let known = ["Allow", "Deny"]
        .into_iter()
        .find(|known| named.as_deref().is_some_and(|named| named.eq_ignore_ascii_case(known)));
    match known {
        Some(known) => write_json_string(out, known),
        None => write_value(out, effect),
    }
}

fn write_principal(out: &mut Vec<u8>, principal: Value<'_>) {
    if principal.kind() != Kind::Object {
        return write_value(out, principal);
    }
    let mut written = ObjectWriter::begin(out);
    let mut members = principal.members();
    while let Some((name, value)) = members.next_pair() {
        let name = name.as_str().unwrap_or_default();
        write_one_or_more(written.name(&name), value, write_account);
    }
    written.end();
}

/// An account is its root user.
fn write_account(out: &mut Vec<u8>, principal: Value<'_>) {
    match principal.as_str() {
        Some(account) if account.len() == ACCOUNT.len() && account.bytes().all(|digit| digit.is_ascii_digit()) => {
            write_json_string(out, &format!("arn:aws:iam::{account}:root"));
        }
        _ => write_value(out, principal),
    }
}

/// A list of one is that one.
fn write_one_or_more(out: &mut Vec<u8>, value: Value<'_>, mut write: impl FnMut(&mut Vec<u8>, Value<'_>)) {
    match (value.kind(), value.len()) {
        (Kind::Array, 1) => value.elements().for_each(|only| write(out, only)),
        (Kind::Array, _) => write_array(out, value.elements(), write),
        _ => write(out, value),
    }
}

/// The value without blanks, and with the fewest escapes.
fn write_value(out: &mut Vec<u8>, value: Value<'_>) {
    match value.kind() {
        Kind::Object => {
            let mut written = ObjectWriter::begin(out);
            let mut members = value.members();
            while let Some((name, value)) = members.next_pair() {
                write_value(written.name(&name.as_str().unwrap_or_default()), value);
            }
            written.end();
        }
        Kind::Array => write_array(out, value.elements(), write_value),
        Kind::String => write_json_string(out, &value.as_str().unwrap_or_default()),
        _ => out.extend_from_slice(value.raw().as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANONICAL: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"dynamodb:GetItem","Resource":"arn:aws:dynamodb:eu-west-2:000000000000:table/Tab"}]}"#;

    #[test]
    fn policies_that_say_the_same_have_one_form() {
        // rule A6
        for same in [
            CANONICAL,
            r#" { "Statement": { "Resource": ["arn:aws:dynamodb:eu-west-2:000000000000:table/Tab"],
                "Action": [ "dynamodb:GetItem" ], "Principal": {"AWS": ["123456789012"]}, "Effect": "allow", "Sid": "Re\u0061d"},
                "Version": "2012-10-17" } "#,
        ] {
            assert_eq!(canonical_policy(same).as_deref(), Ok(CANONICAL));
        }
    }

    #[test]
    fn what_says_more_than_one_thing_keeps_it() {
        // rule A6
        let policy = r#"{"Version":"2008-10-17","Id":"i","Statement":[{"Effect":"Deny","NotPrincipal":"*","Action":["a","b"],"NotResource":[],"Condition":{"Bool":{"c":[true,1.50,null]}}}]}"#;
        assert_eq!(canonical_policy(policy).as_deref(), Ok(policy));
        let unversioned = policy.replacen(r#""Version":"2008-10-17","#, "", 1);
        assert_eq!(canonical_policy(&unversioned).as_deref(), Ok(policy));
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        // rule A6
        let without = |member: &str| CANONICAL.replacen(&format!("\"{member}\""), "\"Other\"", 1);
        for (text, error) in [
            (String::new(), SchemaError::InvalidPolicy("This policy contains invalid Json")),
            ("{not json".into(), SchemaError::InvalidPolicy("This policy contains invalid Json")),
            ("[]".into(), SchemaError::InvalidPolicy("This policy contains invalid Json")),
            (
                r#"{"Statement": []}"#.into(),
                SchemaError::InvalidPolicy("Could not parse the policy: Statement is empty!"),
            ),
            (without("Effect"), SchemaError::PolicyWithout("Effect")),
            (without("Principal"), SchemaError::PolicyWithout("Principal")),
            (without("Action"), SchemaError::PolicyWithout("Action")),
            (without("Resource"), SchemaError::PolicyWithout("Resource")),
            (format!("{CANONICAL:<20481}"), SchemaError::PolicyTooLarge),
        ] {
            assert_eq!(canonical_policy(&text), Err(error), "{text}");
        }
        assert!(canonical_policy(&format!("{CANONICAL:<20480}")).is_ok());
    }
}
