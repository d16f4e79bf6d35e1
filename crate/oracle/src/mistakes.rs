//! Requests that are wrong by themselves, and what is answered to them (messages-items 1, 4, 6, 8).

use crate::answer::{NOT_FOUND, Refusal, VALIDATION};
use crate::database::{Database, INVALID};
use crate::json::Json;
use crate::request::{Effect, Mistake, Request, Write};
use crate::value::{Side, Value};

impl Database {
    /// The answer to a request with a mistake in it.
    pub(crate) fn refusal(&self, request: &Request, mistake: Mistake) -> Refusal {
        let prefix = if matches!(request, Request::Write(_)) {
            "1 validation error detected: "
        } else {
            ""
        };
        let unused = |map: &str, key: &str| format!("{prefix}Value provided in {map} unused in expressions: keys: {{{key}}}");
        let (name, message) = match mistake {
            Mistake::NoTable => (NOT_FOUND, "Requested resource not found".into()),
            Mistake::NoIndex => (VALIDATION, "The table does not have the specified index: nowhere".into()),
            Mistake::UnusedName => (VALIDATION, unused("ExpressionAttributeNames", "#unused")),
            Mistake::UnusedValue => (VALIDATION, unused("ExpressionAttributeValues", ":unused")),
            Mistake::WrongKey => match request {
                Request::Write(Write {
                    effect: Effect::Put(_),
                    table,
                    ..
                }) => {
                    let key = &self.tables[*table].hash;
                    (VALIDATION, format!("{INVALID}Missing the key {key} in the item"))
                }
                _ => (VALIDATION, "The provided key element does not match the schema".into()),
            },
            Mistake::NoLimit => (
                VALIDATION,
                "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal \
                 to 1"
                    .into(),
            ),
        };
        let messages = vec![message];
        Refusal {
            name,
            messages,
            item: None,
        }
    }
}

/// Gives an object within the body one more member.
fn add(body: &mut Json, member: &str, name: &str, value: Json) {
    match body.get_mut(member) {
        Some(members) => members.set(name, value),
        None => body.set(member, Json::object([(name, value)])),
    }
}

/// Puts the mistake into the request that is sent.
pub(crate) fn spoil(body: &mut Json, mistake: Mistake, hash: &str) {
    match mistake {
        Mistake::NoTable => body.set("TableName", Json::text("Nowhere")),
        Mistake::NoIndex => body.set("IndexName", Json::text("nowhere")),
        Mistake::UnusedName => add(body, "ExpressionAttributeNames", "#unused", Json::text("a")),
        Mistake::UnusedValue => add(body, "ExpressionAttributeValues", ":unused", Value::Null.json(Side::Request)),
        Mistake::NoLimit => body.set("Limit", Json::integer(0)),
        Mistake::WrongKey => match body.get_mut("Item") {
            Some(Json::Object(members)) => members.retain(|(name, _)| name != hash),
            _ => add(body, "Key", "extra", Value::Null.json(Side::Request)),
        },
    }
}
