//! Sequences as lines of JSON: requests, and the answers that the model expects.

use crate::answer::{Expect, Reason, Step, Walk};
use crate::database::START;
use crate::generate::Sequence;
use crate::json::Json;

fn texts(texts: &[String]) -> Json {
    Json::Array(texts.iter().map(Json::text).collect())
}

impl Expect {
    /// `{"reply"}`, `{"error", "messages", "item"?}`, `{"canceled"}`, `{"done"}`, `{"definition"}`, `{"streams"}`, `{"walk"}` or `{"counts"}`
    pub fn json(&self) -> Json {
        match self {
            Self::Reply(reply) => Json::object([("reply", reply.clone())]),
            Self::Failure { name, messages, item } => {
                let mut json = Json::object([("error", Json::text(*name)), ("messages", texts(messages))]);
                if let Some(item) = item {
                    json.set("item", item.clone());
                }
                json
            }
            Self::Canceled(reasons) => Json::object([("canceled", Json::Array(reasons.iter().map(Reason::json).collect()))]),
            Self::Done => Json::object([("done", Json::Bool(true))]),
            Self::Definition(definition) => Json::object([("definition", definition.clone())]),
            Self::Streams(streams) => Json::object([("streams", Json::Array(streams.clone()))]),
            Self::Walk(walk) => Json::object([("walk", walk.json())]),
            Self::Counts { table, indexes } => {
                let figures = |figures: &[usize; 2]| Json::Array(figures.iter().map(|figure| Json::integer(*figure)).collect());
                let indexes = indexes.iter().map(|(name, index)| (name.clone(), figures(index)));
                let counts = Json::object([("table", figures(table)), ("indexes", Json::Object(indexes.collect()))]);
                Json::object([("counts", counts)])
            }
        }
    }
}

impl Reason {
    fn json(&self) -> Json {
        let mut json = Json::object([("code", Json::text(self.code.unwrap_or("None")))]);
        if self.code.is_some() {
            json.set("messages", texts(&self.messages));
        }
        if let Some(item) = &self.item {
            json.set("item", item.clone());
        }
        json
    }
}

impl Walk {
    fn json(&self) -> Json {
        let mut json = Json::object([
            ("count", Json::integer(self.count)),
            ("scanned", Json::integer(self.scanned)),
            ("sized", Json::Bool(self.sized)),
            ("key", texts(&self.key)),
        ]);
        if let Some(runs) = &self.runs {
            json.set("runs", Json::Array(runs.iter().map(|run| Json::Array(run.clone())).collect()));
        }
        if let Some(consumed) = &self.consumed {
            json.set("consumed", consumed.clone());
        }
        json
    }
}

/// A step as the players take it.
pub fn step_json(step: &Step) -> Json {
    Json::object([
        ("operation", Json::text(step.operation)),
        ("request", step.request.clone()),
        ("expect", step.expect.json()),
    ])
}

/// A sequence as one line: its tables, its steps, and an inventory in the end.
pub fn line(sequence: &Sequence) -> Json {
    let (mut steps, mut db) = sequence.answered();
    steps.extend(db.inventory());
    Json::object([
        ("seed", Json::Number(sequence.seed.to_string())),
        ("start", Json::integer(START)),
        (
            "tables",
            Json::Array(sequence.tables.iter().map(crate::table::Table::creation).collect()),
        ),
        ("steps", Json::Array(steps.iter().map(step_json).collect())),
    ])
}
